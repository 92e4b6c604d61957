import type { Kind } from './kind';
import { between, shareDone } from './progress';

/**
 * Linear from the initial value to that of the middle, then linear to the final one, over the run. A momentum goes
 * down and up while the learning rate goes up and down.
 */
export interface OneCycle {
  name: 'oneCycle';
  /** Has no default: it depends on the model and the batch. */
  middleValue: number;
  /** Default for a learning rate a tenth of the highest: large enough to learn from, small enough for fresh weights. */
  initialValue?: number;
  /** Default for a learning rate 0: noise of the last steps dies away. */
  finalValue?: number;
  /** The share of the steps before the middle, in [0, 1]. Default 0.25. */
  warmup?: number;
}

/** @see Smith and Topin, "Super-Convergence"; torch.optim.lr_scheduler.OneCycleLR with anneal_strategy 'linear' */
export const oneCycle: Kind<OneCycle> = {
  values: ['middleValue', 'initialValue', 'finalValue'],
  keys: ['warmup'],
  spansRun: true,
  resolve: (read) => {
    const middleValue = read.start('middleValue');
    const upTo = read.isRate ? { max: middleValue } : {};
    return {
      name: 'oneCycle',
      middleValue,
      initialValue: read.value('initialValue', middleValue / 10, upTo),
      finalValue: read.value('finalValue', 0, upTo),
      warmup: read.number('warmup', { min: 0, max: 1 }, 0.25),
    };
  },
  at: ({ middleValue, initialValue, finalValue, warmup }, progress) => {
    const done = shareDone(progress);
    return warmup > 0 && done <= warmup
      ? between(initialValue, middleValue, done / warmup)
      : between(middleValue, finalValue, (done - warmup) / (1 - warmup));
  },
};
