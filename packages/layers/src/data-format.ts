import * as tf from '@tensorflow/tfjs-core';

/** Where the channels are: behind the spatial axes, or before them. */
export type DataFormat = 'channelsLast' | 'channelsFirst';

/** The same tensor with its channels last. */
export function toChannelsLast(x: tf.Tensor, format: DataFormat): tf.Tensor {
  if (format === 'channelsLast') return x;
  return tf.transpose(x, x.rank === 4 ? [0, 2, 3, 1] : [0, 2, 1]);
}

/** A tensor with its channels last in the order of `format`. */
export function fromChannelsLast(x: tf.Tensor, format: DataFormat): tf.Tensor {
  if (format === 'channelsLast') return x;
  return tf.transpose(x, x.rank === 4 ? [0, 3, 1, 2] : [0, 2, 1]);
}
