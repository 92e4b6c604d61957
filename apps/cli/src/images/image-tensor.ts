import * as tf from '@tensorflow/tfjs-core';
import type { RgbImage } from '../figures/png';
import type { ModelCard } from '../trained/model-card';

/** A picture as the network takes it, `[height, width, 3]`. */
export function imageTensor(
  { width, height, data }: RgbImage,
  { mean, std }: ModelCard['normalize'],
): tf.Tensor3D {
  const values = Float32Array.from(data, (value, i) => (value / 255 - mean[i % 3]!) / std[i % 3]!);
  return tf.tensor3d(values, [height, width, 3]);
}
