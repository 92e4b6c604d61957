import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { Conv2D } from '@xcp/layers';
import { isPositive, must, received } from '../checks';
import { rejectUnknownKeys } from '../unknown-keys';
import { type Images, patchCovariance } from './patch-covariance';
import { symmetricEigen } from './symmetric-eigen';

export type { Images };

export interface WhitenOptions {
  /** Added to each variance, so that what is all but constant is not blown up. Default 5e-4. */
  epsilon?: number;
}

const LAYER = 'block1_conv1';

/**
 * Gives the first convolution of a model built with `stem.whiten` the kernel that whitens patches of images: the
 * eigenvectors of their covariance, those of most variance first, each divided by the root of its eigenvalue plus
 * `epsilon`; behind them their negatives, since a rectifier follows.
 *
 * `images` [n, height, width, channels] are training images as the model gets them, normalized; a few hundred are
 * enough. The kernel is computed in double precision, and is the same on every engine.
 *
 * @example
 * const stem = { filters: [24, 32], strides: [1, 2], padding: 'same', kernelSizes: [2, 3], whiten: true };
 * const model = xception({ inputShape: [32, 32, 3], classes: 10, stem });
 * whitenStem(model, { data: images, shape: [2000, 32, 32, 3] });
 * @throws if the first convolution trains, the images have no whole patch or other channels, hold numbers that are not
 *   finite, or an option is wrong; the model is as it was then.
 * @see Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", section 3.1
 */
export function whitenStem(
  model: tfl.LayersModel,
  images: tf.Tensor4D | Images,
  options: WhitenOptions = {},
): void {
  rejectUnknownKeys('whitenStem', options, ['epsilon']);
  const epsilon = must({ epsilon: 5e-4, ...options }, 'epsilon', isPositive, 'positive', 'whitenStem:');
  const variable = kernelOf(model);
  const [size, , channels, filters] = variable.shape as [number, number, number, number];
  const plain = images instanceof tf.Tensor ? { data: images.dataSync(), shape: images.shape } : images;
  checkImages(plain, size, channels);
  const { matrix, n } = patchCovariance(plain, size);
  if (!matrix.every(Number.isFinite)) {
    throw new Error('whitenStem: `images` must hold finite numbers, received others; look at the data');
  }
  const { values, vectors } = symmetricEigen(matrix, n);
  const kernel = new Float32Array(n * filters);
  const half = filters / 2;
  for (let filter = 0; filter < half; filter++) {
    // Rounding may leave the smallest a little below 0.
    const scale = 1 / Math.sqrt(Math.max(0, values[filter]!) + epsilon);
    for (let i = 0; i < n; i++) {
      kernel[i * filters + filter] = scale * vectors[filter]![i]!;
      kernel[i * filters + half + filter] = -kernel[i * filters + filter]!;
    }
  }
  tf.tidy(() => variable.assign(tf.tensor(kernel, variable.shape)));
}

function kernelOf(model: tfl.LayersModel): tf.Variable {
  const layer = model.layers.find(({ name }) => name === LAYER);
  if (layer instanceof Conv2D && !layer.kernelTrainable) {
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith('/kernel'))!;
    return kernel.read() as tf.Variable;
  }
  throw new Error(
    `whitenStem: \`model\` must have a layer '${LAYER}' whose kernel does not train; ` +
      'build it by `xception` with `stem.whiten`',
  );
}

function checkImages({ data, shape }: Images, size: number, channels: number): void {
  const [n, height, width, own] = shape;
  const fits = shape.length === 4 && n >= 1 && Math.min(height, width) >= size && own === channels;
  if (!fits) {
    throw new Error(
      `whitenStem: \`images\` must be [n, height, width, ${channels}] of at least ${size} × ${size} pixels, ` +
        `received ${received(shape)}`,
    );
  }
  if (data.length !== n * height * width * own) {
    throw new Error(
      `whitenStem: \`images\` of shape ${received(shape)} must hold ${n * height * width * own} values, ` +
        `received ${data.length}`,
    );
  }
}
