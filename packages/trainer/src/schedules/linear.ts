import type { Kind } from './kind';
import { between, shareDone } from './progress';

/** Straight from one value to another over the run or its part of a sequence; a warm-up where it rises. */
export interface Linear {
  name: 'linear';
  /** May be 0, to rise from. Default for a learning rate 0.1. */
  value?: number;
  /** Default for a learning rate 0: noise of the last steps dies away. */
  finalValue?: number;
}

/** @see torch.optim.lr_scheduler.LinearLR */
export const linear: Kind<Linear> = {
  values: ['value', 'finalValue'],
  spansRun: true,
  resolve: (read) => ({
    name: 'linear',
    value: read.value('value', 0.1),
    finalValue: read.value('finalValue', 0),
  }),
  at: ({ value, finalValue }, progress) => between(value, finalValue, shareDone(progress)),
};
