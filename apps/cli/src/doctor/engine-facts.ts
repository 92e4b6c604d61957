import type { Engine, EngineName } from '@xcp/backend/engines';
import { chooseEngine } from '../engines/choose-engine';
import { messageOf } from '../errors';
import { type Apart, runApart } from '../processes/run-apart';
import type { StartRun } from '../processes/start-process';
import { checkTraining, type TrainingCheck } from './check-training';
import { remedyFor } from './remedy';

/** Relative difference of the losses from which on two engines compute different things. */
const TOLERANCE = 1e-3;

/** What is the matter with an engine. */
export interface EngineFacts {
  name: EngineName;
  /** `trains`: it did, and agrees with plain JavaScript; `wrong`: it computed something else. */
  state: 'trains' | 'wrong' | 'fails' | 'missing';
  /** What it runs on, or what is wrong. */
  detail: string;
  /** What would help; null where nothing is amiss. */
  remedy: string | null;
  /** Milliseconds of a training step of a narrow network; null where it took none. */
  milliseconds: number | null;
  /** The largest relative difference of its losses from those of plain JavaScript; null where it has none. */
  difference: number | null;
}

interface TryOptions {
  start: StartRun;
  signal: AbortSignal;
  /** The script that builds the native addon, as it can be typed. */
  buildScript: string;
  onEngine(name: EngineName): void;
}

/** Trains for a few steps on every engine that there is, each in a process of its own, and compares with cpu. */
export async function engineFacts(
  engines: readonly Engine[],
  { start, signal, buildScript, onEngine }: TryOptions,
): Promise<EngineFacts[]> {
  const found: { engine: Engine; detail: string; check: Apart<TrainingCheck> | null }[] = [];
  for (const engine of engines) {
    signal.throwIfAborted();
    onEngine(engine.name);
    const probe = await engine
      .probe()
      .catch((error) => ({ available: false, reason: messageOf(error) }) as const);
    if (!probe.available) found.push({ engine, detail: probe.reason, check: null });
    else {
      const check = await runApart<TrainingCheck>(['doctor', '--engine', engine.name], { start, signal });
      found.push({ engine, detail: probe.detail, check });
    }
  }
  const plain = found.find(({ engine }) => engine.name === 'cpu')?.check;
  const reference = plain && 'result' in plain ? plain.result : undefined;
  return found.map(({ engine: { name }, detail, check }) => {
    const nothing = { milliseconds: null, difference: null };
    if (check === null)
      return { name, state: 'missing', detail, remedy: remedyFor(name, detail, buildScript), ...nothing };
    if ('reason' in check) {
      return {
        name,
        state: 'fails',
        detail: check.reason,
        remedy: remedyFor(name, check.reason, buildScript),
        ...nothing,
      };
    }
    const { losses, milliseconds } = check.result;
    const difference = reference ? largestDifference(losses, reference.losses) : null;
    const wrong = !losses.every(Number.isFinite) || (difference !== null && difference > TOLERANCE);
    if (!wrong) return { name, state: 'trains', detail, remedy: null, milliseconds, difference };
    const remedy = `do not train with it; --engine takes another, and an issue with this report helps to mend it`;
    return { name, state: 'wrong', detail, remedy, milliseconds, difference };
  });
}

function largestDifference(losses: readonly number[], reference: readonly number[]): number {
  return Math.max(...losses.map((loss, i) => Math.abs(loss - reference[i]!) / Math.abs(reference[i]!)));
}

/** A few steps on one engine, in this process. */
export async function checkEngine(name: EngineName, engines: readonly Engine[]): Promise<TrainingCheck> {
  await chooseEngine({ engine: name }, engines);
  return checkTraining();
}
