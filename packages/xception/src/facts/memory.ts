import type { ResolvedXceptionConfig } from '../config';
import type { ParameterCounts } from '../count-parameters';
import type { Node } from '../graph';
import { network } from '../network';
import type { LayerDescription } from './describe-layers';
import { inferencePeak } from './inference-memory';
import { sizeOf } from './layer-macs';
import type { MemoryOptions } from './memory-options';
import { trainingMoments } from './training-memory';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Bytes as a function of the batch. */
export interface MemoryLine {
  /** Whatever the batch. */
  fixed: number;
  perExample: number;
}

/** The memory of a training step, at each of its moments. */
export function trainingLines(
  output: Node,
  parameters: ParameterCounts,
  { optimizerSlots = 1, accumulate = false }: MemoryOptions,
): MemoryLine[] {
  const kept = parameters.total + parameters.trainable * (optimizerSlots + (accumulate ? 1 : 0));
  return trainingMoments(output).map(({ perExample, gradients }) => ({
    fixed: BYTES * (kept + gradients),
    perExample: BYTES * perExample,
  }));
}

/** The memory of a prediction; kernels are there a second time, in the order in which the engine reads them. */
export function inferenceLine(c: ResolvedXceptionConfig, layers: readonly LayerDescription[]): MemoryLine {
  // Nothing is computed again in a prediction.
  const output = network({ ...c, checkpointBlocks: false });
  const weights = layers.flatMap((layer) => layer.weights);
  const numbers = (counted: typeof weights) => counted.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const packed = weights.filter(({ name, shape }) => shape.length === 4 && name !== 'depthwise_kernel');
  return { fixed: BYTES * (numbers(weights) + numbers(packed)), perExample: BYTES * inferencePeak(output) };
}

/** Bytes for a batch. */
export function bytesFor(lines: readonly MemoryLine[], batch: number): number {
  return Math.max(...lines.map(({ fixed, perExample }) => fixed + perExample * batch));
}

/** The largest batch for so many bytes; 0 where not even one example fits. */
export function batchFor(lines: readonly MemoryLine[], bytes: number): number {
  return Math.max(0, Math.floor(Math.min(...lines.map((line) => (bytes - line.fixed) / line.perExample))));
}
