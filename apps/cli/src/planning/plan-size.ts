import { describe, largestBatch, type XceptionConfig } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { modelConfig } from '../training/model-config';

/** What is known of training at one input size without doing it. */
export interface SizePlan {
  /** Side of the input in pixels. */
  size: number;
  /** Multiply-accumulates of the forward pass of one image. */
  macs: number;
  /** Height and width of the last map: what the exit flow has to look at. */
  finalMap: number;
  /** Bytes of tensors that a step with the configured batch takes at most on the `xcp` engine. */
  bytes: number;
  /** The largest batch that fits, and where the batch is put together of micro-batches, the largest of those. */
  largest: number;
  largestMicro: number;
}

/** Numbers that an optimizer keeps for each weight, as far as the memory is concerned. */
export const slotsOf = ({ optimizer: { name } }: RunConfig) => (name === 'sgd' || name === 'muon' ? 1 : 2);

/** Plans one input size for a configuration whose tensors may take so many bytes. */
export function planSize(config: RunConfig, classes: number, size: number, memory: number): SizePlan {
  const network: XceptionConfig = { ...modelConfig(config, classes), inputShape: [size, size, 3] };
  const optimizerSlots = slotsOf(config);
  const facts = describe(network, { batch: config.batchSize, optimizerSlots });
  const maps = facts.layers.filter(({ outputShape }) => outputShape.length === 4);
  return {
    size,
    macs: facts.macs,
    finalMap: maps.at(-1)!.outputShape[1]!,
    bytes: facts.memory.training,
    largest: largestBatch(network, memory, { optimizerSlots }),
    largestMicro: largestBatch(network, memory, { optimizerSlots, accumulate: true }),
  };
}
