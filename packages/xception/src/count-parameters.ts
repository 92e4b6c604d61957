import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

export interface ParameterCounts {
  /** Those that training changes by their gradients; none in a frozen layer. */
  trainable: number;
  /** Those that it does not: frozen ones, and the moving statistics of batch normalization. */
  nonTrainable: number;
  total: number;
}

/**
 * Counts the numbers in the weights of a model; a layer that is applied several times counts once.
 *
 * @example countParameters(xception({ classes: 10 })).trainable; // 20_827_442
 */
export function countParameters(model: tfl.LayersModel): ParameterCounts {
  const count = (weights: tfl.LayerVariable[]) =>
    weights.reduce((sum, weight) => sum + tf.util.sizeFromShape(weight.shape as number[]), 0);
  const trainable = count(model.trainableWeights);
  const nonTrainable = count(model.nonTrainableWeights);
  return { trainable, nonTrainable, total: trainable + nonTrainable };
}
