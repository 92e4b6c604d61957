import * as tf from '@tensorflow/tfjs-core';

// Of the quintic whose slope at 0 is steepest: singular values come near 1, to between about 0.7 and 1.2.
const [A, B, C] = [3.4445, -4.775, 2.0315];
const SMALLEST_NORM = 1e-7;

/**
 * The matrix of the same singular vectors whose singular values are all about 1, by iterations of Newton and Schulz:
 * X ← aX + (bG + cG²)X, where G = X·Xᵀ, from the matrix divided by its norm.
 *
 * @see Jordan et al., "Muon: An optimizer for hidden layers in neural networks"
 */
export function orthogonalize(matrix: tf.Tensor2D, steps: number): tf.Tensor2D {
  return tf.tidy(() => {
    const [rows, columns] = matrix.shape;
    // G from the shorter side; XᵀX does the same from the right.
    const tall = rows > columns;
    let x: tf.Tensor2D = tf.div(matrix, tf.maximum(tf.norm(matrix), SMALLEST_NORM));
    for (let i = 0; i < steps; i++) {
      const gram = tf.matMul(x, x, tall, !tall);
      const powers: tf.Tensor2D = tf.add(tf.mul(gram, B), tf.mul(tf.matMul(gram, gram), C));
      x = tf.add(tf.mul(x, A), tall ? tf.matMul(x, powers) : tf.matMul(powers, x));
    }
    return x;
  });
}
