import { cosineLeft } from './cosine';
import type { Kind } from './kind';
import { between } from './progress';
import { type Span, spansDone } from './span';

/** Half cosines one after another, each from the height again. */
export interface CosineRestarts {
  name: 'cosineRestarts';
  /** Default for a learning rate 0.1. */
  value?: number;
  /** Default for a learning rate 0. */
  finalValue?: number;
  /** The first cosine. Has no default: it depends on the length of the run. */
  every: Span;
  /** How much longer than the one before each cosine is, at least 1. Default 1: all alike. */
  lengthFactor?: number;
  /** Multiplies the height at each restart. Default 1: all alike. */
  factor?: number;
}

/** @see Loshchilov and Hutter, "SGDR"; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts */
export const cosineRestarts: Kind<CosineRestarts> = {
  values: ['value', 'finalValue'],
  keys: ['every', 'lengthFactor', 'factor'],
  resolve: (read) => ({
    name: 'cosineRestarts',
    value: read.value('value', 0.1),
    finalValue: read.value('finalValue', 0),
    every: read.span('every'),
    lengthFactor: read.number('lengthFactor', { min: 1 }, 1),
    factor: read.number('factor', { above: 0, max: 1 }, 1),
  }),
  at: ({ value, finalValue, every, lengthFactor, factor }, progress) => {
    let left = spansDone(every, progress);
    let length = 1;
    let height = value;
    while (left >= length) {
      left -= length;
      length *= lengthFactor;
      height *= factor;
    }
    // The height falls no lower than where each cosine ends.
    return between(finalValue, Math.max(height, Math.min(value, finalValue)), cosineLeft(left / length));
  },
};
