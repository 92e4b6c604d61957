import * as tf from '@tensorflow/tfjs-core';
import { fusedKernel } from './fused-kernel';
import { deriveSeed, randomBits } from './random';
import { type Save, withGradient } from './saved-tensors';

/** Which mask is meant. */
export interface MaskKey {
  seed: number;
  /** The training step: a number, or a scalar int32 tensor, as where a traced function has it for an input. */
  step: number | tf.Tensor;
  /** Counts the masks of this seed in the step, from 0. */
  call: number;
}

/**
 * A mask whose elements are 0 with probability `rate` and else 1 / (1 − rate); a pure function of (seed, step, call,
 * index), with the same bits on every engine.
 *
 * The kernel `XcpDropoutMask` makes it where the engine has it, and reads a step that is a tensor when it runs;
 * elsewhere JavaScript makes it.
 */
export function dropoutMask(shape: number[], rate: number, key: MaskKey): tf.Tensor {
  const seed = deriveSeed(key.seed);
  const { call } = key;
  const run = fusedKernel('XcpDropoutMask');
  if (run) {
    return tf.tidy(() => run({ step: asTensor(key.step) }, { shape, seed, call, rate }) as tf.Tensor);
  }
  const stream = randomBits(randomBits(seed, asNumber(key.step)), call);
  const kept = 1 / (1 - rate);
  const dropped = rate * 2 ** 24;
  const mask = new Float32Array(tf.util.sizeFromShape(shape)).map((_, i) =>
    randomBits(stream, i) >>> 8 < dropped ? 0 : kept,
  );
  return tf.tensor(mask, shape);
}

/** x with what the mask drops set to 0; the gradient keeps the mask alone. */
export function masked(x: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((input, save) => {
    const value = tf.mul(input as tf.Tensor, mask);
    return withGradient(value, save as Save, [mask], (dy, [mask]) => tf.mul(dy, mask));
  });
  return op(x);
}

const asTensor = (step: number | tf.Tensor) => (typeof step === 'number' ? tf.scalar(step, 'int32') : step);
const asNumber = (step: number | tf.Tensor) => (typeof step === 'number' ? step : step.dataSync()[0]!);
