import type { StepEvent } from '@xcp/trainer';

/** Where in an epoch the figures were read last, and what its means were there. */
interface Read {
  epoch: number;
  steps: number;
  loss: number;
  accuracy: number;
}

/**
 * Gives the loss and accuracy of the steps since the figures were read last, from the means over the epoch that a step
 * tells of; null while nothing new was read. Every step of an epoch counts the same.
 */
export function recentFigures(stepsPerEpoch: number) {
  let last: Read | undefined;
  return ({ step, epoch, loss, accuracy }: StepEvent): { loss: number; accuracy: number } | null => {
    const steps = step - (epoch - 1) * stepsPerEpoch;
    // A run that was rolled back takes steps again.
    const before = last?.epoch === epoch && last.steps < steps ? last : undefined;
    if (before && before.loss === loss && before.accuracy === accuracy) return null;
    last = { epoch, steps, loss, accuracy };
    if (!before) return { loss, accuracy };
    const mean = (now: number, then: number) => (now * steps - then * before.steps) / (steps - before.steps);
    return {
      loss: Math.max(0, mean(loss, before.loss)),
      accuracy: Math.min(1, Math.max(0, mean(accuracy, before.accuracy))),
    };
  };
}
