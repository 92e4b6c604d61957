import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { onlyTensor } from './only';
import { relu } from './relu';
import type { LayerArgs } from './types';

/** The layer behind {@link reLU}; registered for saved models as `XcpReLU`. */
export class ReLU extends tfl.layers.Layer {
  static readonly className = 'XcpReLU';

  constructor(args: LayerArgs = {}) {
    super(args);
    this.supportsMasking = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return relu(onlyTensor(inputs));
  }
}
tf.serialization.registerClass(ReLU);

/**
 * A rectifier layer, max(x, 0), of any shape, that trains faster than `tfl.layers.reLU` (see {@link relu}).
 *
 * @example reLU({ name: 'block1_conv1_act' });
 */
export function reLU(args?: LayerArgs): ReLU {
  return new ReLU(args);
}
