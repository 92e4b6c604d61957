/** A step of a learning-rate range test. */
export interface RangePoint {
  step: number;
  learningRate: number;
  /** The mean loss of the batch before the step's update. */
  loss: number;
  /** An exponential mean of the losses so far. */
  smoothedLoss: number;
}

export interface RangeSuggestion {
  learningRate: number;
  /** What in the curve speaks for it. */
  reason: string;
}

/** The share by which the loss must have fallen before the curve tells anything. */
const LEAST_FALL = 0.01;

/**
 * What the curve of a range test suggests, without its first tenth, where the mean is of few losses: the rate at which the smoothed loss falls fastest against the logarithm of
 * the rate, and a tenth of the rate at which it is least. Null where the loss did not fall by 1 %.
 *
 * @see fastai's `lr_find` ('steep' and 'minimum')
 */
export function suggestRates(
  curve: readonly RangePoint[],
): { steepest: RangeSuggestion; minimum: RangeSuggestion } | null {
  const points = curve.slice(Math.floor(curve.length / 10));
  if (points.length < 3) return null;
  const losses = points.map(({ smoothedLoss }) => smoothedLoss);
  const lowest = losses.reduce((best, loss, i) => (loss < losses[best]! ? i : best), 0);
  const highest = Math.max(...losses.slice(0, lowest + 1));
  if (lowest === 0 || losses[lowest]! > highest * (1 - LEAST_FALL)) return null;

  // A loss is measured before the update, so that what a rate did shows in the next one. The rates rise by the same
  // factor from step to step: a difference is a slope against their logarithm.
  const falls = losses.slice(0, lowest).map((loss, i) => loss - losses[i + 1]!);
  const steepest = falls.reduce((best, fall, i) => (fall > falls[best]! ? i : best), 0);
  const at = (i: number) => `${short(losses[i]!)} at ${short(points[i]!.learningRate)}`;
  return {
    steepest: {
      learningRate: points[steepest]!.learningRate,
      reason:
        `the smoothed loss falls fastest at ${short(points[steepest]!.learningRate)}, ` +
        `on its way from ${at(0)} to ${at(lowest)}`,
    },
    minimum: {
      learningRate: points[lowest]!.learningRate / 10,
      reason: `a tenth of the rate at which the smoothed loss is least, ${at(lowest)}`,
    },
  };
}

const short = (value: number) => Number(value.toPrecision(3)).toString();
