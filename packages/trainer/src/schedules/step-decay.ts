import type { Kind } from './kind';
import { type Span, spansDone } from './span';

/** `value`, multiplied by `factor` after every span. */
export interface StepDecay {
  name: 'stepDecay';
  /** Default for a learning rate 0.045: the Xception paper, ImageNet. */
  value?: number;
  /** Default 0.94: the paper. */
  factor?: number;
  /** Default 2 epochs: the paper. */
  every?: Span;
}

/** @see Chollet, "Xception", section 4.3; torch.optim.lr_scheduler.StepLR */
export const stepDecay: Kind<StepDecay> = {
  values: ['value'],
  keys: ['factor', 'every'],
  resolve: (read) => ({
    name: 'stepDecay',
    value: read.start('value', 0.045),
    factor: read.number('factor', { above: 0, max: 1 }, 0.94),
    every: read.span('every', { epochs: 2 }),
  }),
  at: ({ value, factor, every }, progress) => value * factor ** Math.floor(spansDone(every, progress)),
};
