import type { Kind } from './kind';
import { between, shareDone } from './progress';

/** Half a cosine from one value to another over the run or its part of a sequence. */
export interface Cosine {
  name: 'cosine';
  /** Default for a learning rate 0.1. */
  value?: number;
  /** Default for a learning rate 0. */
  finalValue?: number;
}

/** What is left of the way at a share of it: from 1 down to 0 along half a cosine. */
export function cosineLeft(share: number): number {
  return (1 + Math.cos(Math.PI * share)) / 2;
}

/** @see Loshchilov and Hutter, "SGDR", equation 5; torch.optim.lr_scheduler.CosineAnnealingLR */
export const cosine: Kind<Cosine> = {
  values: ['value', 'finalValue'],
  spansRun: true,
  resolve: (read) => ({
    name: 'cosine',
    value: read.value('value', 0.1),
    finalValue: read.value('finalValue', 0),
  }),
  at: ({ value, finalValue }, progress) => between(finalValue, value, cosineLeft(shareDone(progress))),
};
