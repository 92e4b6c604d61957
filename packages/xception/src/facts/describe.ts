import { isCount, must } from '../checks';
import type { XceptionConfig } from '../config';
import type { ParameterCounts } from '../count-parameters';
import { network } from '../network';
import { resolveConfig } from '../resolve-config';
import { rejectUnknownKeys } from '../unknown-keys';
import { describeLayers, type LayerDescription } from './describe-layers';
import { sizeOf } from './layer-macs';
import { bytesFor, inferenceLine, trainingLines } from './memory';
import { checkMemoryOptions, type MemoryOptions, memoryKeys } from './memory-options';

export interface DescribeOptions extends MemoryOptions {
  /** Examples in a batch, for the shapes and the memory. Default 1. */
  batch?: number;
}

/** What is known of a network without building it. */
export interface NetworkDescription {
  layers: LayerDescription[];
  parameters: ParameterCounts;
  /** Multiply-accumulates of convolutions and dense layers in the forward pass of one example. */
  macs: number;
  /** Bytes that tensors take at most on the `xcp` engine, weights included, for a batch. */
  memory: {
    /** The weights alone. */
    weights: number;
    /** A training step: weights, gradients, what the optimizer keeps, activations. */
    training: number;
    /** A prediction. */
    inference: number;
  };
}

/**
 * Describes a network without building it: no tensor is made and no engine is needed.
 *
 * @example
 * const { macs, parameters, memory, layers } = describe({ classes: 10 }, { batch: 8 });
 * macs; // 8_355_375_976
 * parameters.trainable; // 20_827_442
 * memory.training / 2 ** 30; // 2.6 (GiB)
 * layers[1]; // { name: 'block1_conv1', type: 'Conv2D', outputShape: [8, 149, 149, 32], parameters: 864, … }
 * @throws if the configuration or an option is wrong, as {@link resolveConfig} does.
 */
export function describe(config: XceptionConfig, options: DescribeOptions = {}): NetworkDescription {
  rejectUnknownKeys('describe', options, ['batch', ...memoryKeys]);
  const { batch = 1, ...memoryOptions } = options;
  must({ batch }, 'batch', isCount, 'a positive integer', 'describe:');
  checkMemoryOptions('describe:', memoryOptions);
  const resolved = resolveConfig(config);
  const output = network(resolved);
  const layers = describeLayers(output, batch);
  const parameters = parameterCounts(layers);
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  return {
    layers,
    parameters,
    macs: sum(layers.map(({ macs }) => macs)),
    memory: {
      weights: Float32Array.BYTES_PER_ELEMENT * parameters.total,
      training: bytesFor(trainingLines(output, parameters, memoryOptions), batch),
      inference: bytesFor([inferenceLine(resolved, layers)], batch),
    },
  };
}

/** The numbers in the weights of some layers. */
export function parameterCounts(layers: readonly LayerDescription[]): ParameterCounts {
  const weights = layers.flatMap((layer) => layer.weights);
  const count = (trainable: boolean) =>
    weights.reduce((sum, weight) => sum + (weight.trainable === trainable ? sizeOf(weight.shape) : 0), 0);
  const [trainable, nonTrainable] = [count(true), count(false)];
  return { trainable, nonTrainable, total: trainable + nonTrainable };
}
