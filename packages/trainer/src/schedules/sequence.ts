import { type ResolvedSimple, type SimpleSchedule, simpleValueAt } from './kinds';
import type { Progress } from './progress';
import { type Duration, stepsIn } from './span';

/** A part of a sequence, and how long it lasts. */
export type Lasting<Schedule> = Schedule & { for?: Duration };

/**
 * Schedules one after another. Each counts its steps, epochs and share done from its own beginning, and all but the
 * last have a length, `for`; the last has the rest of the run. So a warm-up is a `linear` part in front.
 *
 * @see torch.optim.lr_scheduler.SequentialLR
 */
export interface Sequence<Part = SimpleSchedule> {
  name: 'sequence';
  parts: readonly Lasting<Part>[];
}

export function sequenceValueAt({ parts }: Sequence<ResolvedSimple>, progress: Progress): number {
  let begin = 0;
  for (const part of parts) {
    const rest = Math.max(1, progress.plannedSteps - begin);
    const length = part.for ? stepsIn(part.for, progress) : rest;
    if (progress.step < begin + length || part === parts.at(-1)) {
      return simpleValueAt(part, within(progress, begin, length));
    }
    begin += length;
  }
  throw new Error('schedule: `parts` must not be empty, received []');
}

/** Progress as a part sees it that begins after some steps and lasts for others. */
function within(progress: Progress, begin: number, plannedSteps: number): Progress {
  if (begin === 0) return { ...progress, plannedSteps };
  const history = (progress.history ?? [])
    .filter(({ step }) => step > begin)
    .map((epoch) => ({ ...epoch, step: epoch.step - begin }));
  return { ...progress, step: progress.step - begin, plannedSteps, history };
}
