import * as tf from '@tensorflow/tfjs-core';

/** How gradients are bounded; at most one of them is a number. */
export interface Clipping {
  /** The most that the norm of all gradients together may be. */
  clipNorm: number | null;
  /** The most that each value may be, up or down. */
  clipValue: number | null;
}

export const noClipping: Clipping = { clipNorm: null, clipValue: null };

export function clips({ clipNorm, clipValue }: Clipping): boolean {
  return clipNorm !== null || clipValue !== null;
}

/**
 * The gradients within bounds, and their global norm before, a scalar.
 *
 * @see torch.nn.utils.clip_grad_norm_, of which this is the formula; torch.nn.utils.clip_grad_value_
 */
export function clip(
  gradients: readonly tf.Tensor[],
  { clipNorm, clipValue }: Clipping,
): { norm: tf.Tensor; gradients: tf.Tensor[] } {
  const norm = globalNorm(gradients);
  if (clipValue !== null) {
    return { norm, gradients: gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue)) };
  }
  if (clipNorm === null) return { norm, gradients: [...gradients] };
  const scale = tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1);
  return { norm, gradients: gradients.map((gradient) => tf.mul(gradient, scale)) };
}

function globalNorm(gradients: readonly tf.Tensor[]): tf.Tensor {
  return tf.sqrt(tf.sum(tf.stack(gradients.map((gradient) => tf.sum(tf.square(gradient))))));
}
