import type { Kind } from './kind';
import { between, shareDone } from './progress';

/** finalValue + (value − finalValue) · (1 − share done)^power. */
export interface Polynomial {
  name: 'polynomial';
  /** Default for a learning rate 0.1. */
  value?: number;
  /** Default for a learning rate 0. */
  finalValue?: number;
  /** Above 0. Has no default: 1 would be `linear`. */
  power: number;
}

/** @see keras.optimizers.schedules.PolynomialDecay; torch.optim.lr_scheduler.PolynomialLR */
export const polynomial: Kind<Polynomial> = {
  values: ['value', 'finalValue'],
  keys: ['power'],
  spansRun: true,
  resolve: (read) => ({
    name: 'polynomial',
    value: read.value('value', 0.1),
    finalValue: read.value('finalValue', 0),
    power: read.number('power', { above: 0 }),
  }),
  at: ({ value, finalValue, power }, progress) =>
    between(finalValue, value, (1 - shareDone(progress)) ** power),
};
