import * as tf from '@tensorflow/tfjs-core';
import { rejectUnknownKeys } from '../unknown-keys';

/** Pixels as plain data: one image, or several of one size. */
export interface Pixels {
  /** Channels last, row by row, in 0…255. */
  data: Uint8Array | Uint8ClampedArray | Float32Array;
  /** [height, width, channels], or [images, height, width, channels]. */
  shape: readonly number[];
}

export interface PreprocessOptions {
  /** Mean of each channel, of pixels in 0…1. Needs `std`; without both, pixels are scaled to −1…1. */
  mean?: readonly number[];
  /** Standard deviation of each channel, of pixels in 0…1. */
  std?: readonly number[];
}

/**
 * Scales pixels of 0…255 to what a network was trained on: [height, width, channels] or
 * [batch, height, width, channels] → a float32 tensor of the same shape.
 *
 * By default x / 127.5 − 1, as the ImageNet weights of Keras and timm's Xceptions need; with `mean` and `std`
 * (x / 255 − mean) / std, as networks trained on normalized images do.
 *
 * @example model.predict(tf.expandDims(preprocessInput({ data: rgb, shape: [299, 299, 3] })));
 * @example preprocessInput(images, { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] });
 * @throws if the images have no such shape, the data another length, or `mean` and `std` do not fit the channels.
 * @see keras/src/applications/imagenet_utils.py, `preprocess_input`, mode "tf"
 */
export function preprocessInput<T extends tf.Tensor3D | tf.Tensor4D>(
  images: T,
  options?: PreprocessOptions,
): T;
export function preprocessInput(images: Pixels, options?: PreprocessOptions): tf.Tensor3D | tf.Tensor4D;
export function preprocessInput(images: tf.Tensor | Pixels, options: PreprocessOptions = {}): tf.Tensor {
  rejectUnknownKeys('preprocessInput', options, ['mean', 'std']);
  checkShape(images.shape);
  const { mean, std } = options;
  if (mean || std) checkStatistics(images.shape.at(-1)!, mean, std);
  return tf.tidy(() => {
    const pixels = tf.cast(images instanceof tf.Tensor ? images : fromPixels(images), 'float32');
    if (!mean || !std) return tf.sub(tf.div(pixels, 127.5), 1);
    return tf.div(tf.sub(tf.div(pixels, 255), tf.tensor1d([...mean])), tf.tensor1d([...std]));
  });
}

function fromPixels({ data, shape }: Pixels): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  if (data.length !== size) {
    throw new Error(
      `preprocessInput: \`data\` must have the ${size} values of [${shape}], received ${data.length}`,
    );
  }
  return tf.tensor(Float32Array.from(data), [...shape], 'float32');
}

function checkShape(shape: readonly number[]): void {
  if (shape.length === 3 || shape.length === 4) return;
  throw new Error(
    'preprocessInput: `images` must be [height, width, channels] or [images, height, width, channels], ' +
      `received [${shape}]`,
  );
}

function checkStatistics(channels: number, mean?: readonly number[], std?: readonly number[]): void {
  for (const [name, values] of [
    ['mean', mean],
    ['std', std],
  ] as const) {
    if (values?.length !== channels || !values.every(Number.isFinite)) {
      throw new Error(
        `preprocessInput: \`${name}\` must be ${channels} numbers, one per channel, received ${JSON.stringify(values)}`,
      );
    }
  }
  if (!std!.every((value) => value > 0)) {
    throw new Error(`preprocessInput: \`std\` must be positive, received ${JSON.stringify(std)}`);
  }
}
