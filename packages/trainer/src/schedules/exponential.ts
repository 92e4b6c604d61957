import type { Kind } from './kind';
import { type Span, spansDone } from './span';

/** `value`, falling at every step so that each span multiplies it by `factor`. */
export interface Exponential {
  name: 'exponential';
  /** Default for a learning rate 0.1. */
  value?: number;
  /** Has no default: it depends on the length of the run. */
  factor: number;
  /** Default 1 epoch. */
  every?: Span;
}

/** @see keras.optimizers.schedules.ExponentialDecay; torch.optim.lr_scheduler.ExponentialLR, at ends of epochs */
export const exponential: Kind<Exponential> = {
  values: ['value'],
  keys: ['factor', 'every'],
  resolve: (read) => ({
    name: 'exponential',
    value: read.start('value', 0.1),
    factor: read.number('factor', { above: 0, max: 1 }),
    every: read.span('every', { epochs: 1 }),
  }),
  at: ({ value, factor, every }, progress) => value * factor ** spansDone(every, progress),
};
