import { isPositive, must, mustBeOneOf } from '../checks';
import type { XceptionConfig } from '../config';
import { network } from '../network';
import { resolveConfig } from '../resolve-config';
import { rejectUnknownKeys } from '../unknown-keys';
import { parameterCounts } from './describe';
import { describeLayers } from './describe-layers';
import { batchFor, inferenceLine, trainingLines } from './memory';
import { checkMemoryOptions, type MemoryOptions, memoryKeys } from './memory-options';

export interface LargestBatchOptions extends MemoryOptions {
  /** What the memory is for. Default `'training'`. */
  mode?: 'training' | 'inference';
}

/**
 * The largest batch whose tensors fit into so many bytes on the `xcp` engine; 0 where not even one example does.
 *
 * Where it is smaller than the batch that is wanted, it is the size of a micro-batch: ask with `accumulate: true`, for
 * the sum of the gradients takes memory too. Leave some of the machine's memory out of `bytes`: the kernels' scratch
 * memory, the program and its data lie beside the tensors.
 *
 * @example
 * largestBatch({ inputShape: [299, 299, 3] }, 8 * 2 ** 30); // 8 GiB
 * largestBatch({ inputShape: [128, 128, 3] }, 2 * 2 ** 30, { optimizerSlots: 2, accumulate: true });
 * @throws if `bytes` is not positive, or the configuration or an option is wrong.
 */
export function largestBatch(
  config: XceptionConfig,
  bytes: number,
  options: LargestBatchOptions = {},
): number {
  rejectUnknownKeys('largestBatch', options, ['mode', ...memoryKeys]);
  const { mode = 'training', ...memoryOptions } = options;
  const subject = 'largestBatch:';
  must({ bytes }, 'bytes', isPositive, 'a positive number', subject);
  mustBeOneOf({ mode }, 'mode', ['training', 'inference'], subject);
  checkMemoryOptions(subject, memoryOptions);
  const resolved = resolveConfig(config);
  const output = network(resolved);
  const layers = describeLayers(output, 1);
  const lines =
    mode === 'training'
      ? trainingLines(output, parameterCounts(layers), memoryOptions)
      : [inferenceLine(resolved, layers)];
  return batchFor(lines, bytes);
}
