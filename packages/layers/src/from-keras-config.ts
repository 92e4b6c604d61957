import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { oneOf, received } from './checks';
import { Conv2D } from './conv2d';
import { DepthwiseConv2D } from './depthwise-conv2d';
import { layerArgs } from './keras-args';
import { MaxPooling2D } from './max-pooling2d';
import { SeparableConv1D } from './separable-conv1d';
import { SeparableConv2D } from './separable-conv2d';

/** A layer as Keras writes it, in a model's JSON or by `keras.layers.serialize`. */
export interface KerasLayerConfig {
  class_name: string;
  config: Record<string, unknown>;
  [key: string]: unknown;
}

const convolutions = {
  SeparableConv1D,
  SeparableConv2D,
  DepthwiseConv2D,
  Conv2D,
};
const layers = { ...convolutions, MaxPooling2D };

// Those of both that compute the same; Keras 3's hard sigmoid and its GELU are other functions.
const activations = [
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'softplus', 'softsign', 'tanh', 'softmax'],
  ...['logSoftmax', 'swish', 'mish'],
];

/**
 * The layer of this package for a layer that Keras 2 or 3 wrote: a `SeparableConv1D`, `SeparableConv2D`,
 * `DepthwiseConv2D`, `Conv2D` or `MaxPooling2D`. Given the same weights it computes the same.
 *
 * @example
 * // json.dumps(keras.layers.serialize(keras.layers.SeparableConv2D(64, 3)))
 * const layer = fromKerasConfig({ class_name: 'SeparableConv2D', config: { filters: 64, kernel_size: [3, 3] } });
 * @throws if the class is another, or if it has an option that this package has no equal for.
 * @see keras/src/saving/serialization_lib.py
 */
export function fromKerasConfig({ class_name, config }: KerasLayerConfig): tfl.layers.Layer {
  const names = Object.keys(layers) as (keyof typeof layers)[];
  const name = oneOf('fromKerasConfig', 'class_name', class_name, names);
  if (typeof config !== 'object' || config === null) {
    throw new Error(
      `fromKerasConfig: \`config\` must be what the layer was made with, received ${received(config)}`,
    );
  }
  const args = layerArgs<tf.serialization.ConfigDict>(config as tf.serialization.ConfigDict);
  if (name in convolutions) {
    args.useBias ??= true;
    args.activation = activationOf(args.activation);
  }
  return new (layers[name] as new (args: unknown) => tfl.layers.Layer)(args);
}

function activationOf(name: unknown): string {
  if (name === null || name === undefined) return 'linear';
  return oneOf('fromKerasConfig', 'activation', name === 'silu' ? 'swish' : name, activations);
}
