import { type Curves, type Diagnosis, figure, percent } from './diagnosis';
import { mean, trendOf } from './trend';

/** A training loss that jumps about while it should fall. */
export function rateTooHigh({ epochs, chanceLoss, log }: Curves): Diagnosis | null {
  const [first] = epochs;
  const early = epochs.slice(0, Math.max(5, Math.ceil(epochs.length / 2)));
  const rises = early.filter(({ loss }, i) => i > 0 && loss > 1.02 * early[i - 1]!.loss).length;
  const spikes = spikesIn(log);
  const evidence = [
    early.length >= 5 &&
      rises >= (early.length - 1) / 3 &&
      `training loss rose in ${rises} of the first ${early.length - 1} steps from one epoch to the next`,
    first!.loss > 2 * chanceLoss &&
      `training loss ${figure(first!.loss)} in the first epoch, where guessing has ${figure(chanceLoss)}`,
    spikes.length > 1 &&
      `the loss rose to three times what it was, at ${spikes.length} points, step ${spikes[0]} first`,
  ].filter((line) => typeof line === 'string');
  if (evidence.length === 0) return null;
  return {
    kind: 'rateTooHigh',
    severity: 'warning',
    title: 'The learning rate seems too high',
    evidence: evidence.join('; '),
    advice: ['lower it to a third', 'warm it up for longer', 'find one by `learningRateRangeTest`'],
  };
}

/** The steps of log events whose loss is three times the median of the ten before. */
function spikesIn(log: Curves['log']): number[] {
  return log.flatMap(({ step, loss }, i) => {
    if (i < 10) return [];
    const before = log
      .slice(i - 10, i)
      .map((row) => row.loss)
      .sort((a, b) => a - b);
    return loss > 3 * before[5]! ? [step] : [];
  });
}

/** A training loss that falls along a straight line from the start, and not far. */
export function rateTooLow({ epochs, chanceLoss }: Curves): Diagnosis | null {
  if (epochs.length < 6) return null;
  const points = epochs.map(({ epoch, loss }) => ({ x: epoch, y: loss }));
  const whole = trendOf(points);
  const half = Math.floor(points.length / 2);
  const [early, late] = [trendOf(points.slice(0, half)), trendOf(points.slice(-half))];
  const share = (points[0]!.y - mean(points.slice(-2).map(({ y }) => y))) / points[0]!.y;
  const straight = late.slope < 0.6 * early.slope && whole.slope < -4 * whole.standardError;
  const slow = share < 0.4 && points.at(-1)!.y > 0.5 * chanceLoss;
  if (!straight || !slow || early.slope >= 0) return null;
  return {
    kind: 'rateTooLow',
    severity: 'warning',
    title: 'The learning rate seems too low',
    evidence:
      `training loss fell by ${figure(-early.slope)} per epoch in the first half and by ${figure(-late.slope)} in the ` +
      `second, by ${percent(share)} in all`,
    advice: ['raise it to three times as much', 'find one by `learningRateRangeTest`'],
  };
}
