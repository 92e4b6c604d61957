import { isWhole, must, mustBeOneOf } from '../checks';

export interface MemoryOptions {
  /** Numbers that the optimizer keeps for each trainable one: 1 for SGD with momentum (default), 2 for Adam. */
  optimizerSlots?: number;
  /** Whether gradients of several micro-batches are summed before a step: the sum takes memory. Default false. */
  accumulate?: boolean;
}

export const memoryKeys = ['optimizerSlots', 'accumulate'] as const;

export function checkMemoryOptions(subject: string, options: MemoryOptions): void {
  const { optimizerSlots = 1, accumulate = false } = options;
  must({ optimizerSlots }, 'optimizerSlots', isWhole, 'a whole number of at least 0', subject);
  mustBeOneOf({ accumulate }, 'accumulate', [true, false], subject);
}
