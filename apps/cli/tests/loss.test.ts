import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus, type XcpBackend } from '@xcp/backend';
import { softmaxCrossEntropy } from '@xcp/trainer';
import { expect, it } from 'vitest';

const { available } = backendStatus();

/** Loss and twice its gradient, by the logits, on a backend. */
async function lossOn(backend: string, labelSmoothing: number) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const numbers = tf.tidy(() => {
    const logits = tf.reshape(tf.mul(tf.sin(tf.range(0, 70)), 4), [7, 10]) as tf.Tensor2D;
    const labels = tf.tensor1d([0, 9, 3, 3, 5, 1, 2], 'int32');
    const twice = (x: tf.Tensor) => tf.mul(2, softmaxCrossEntropy(x as tf.Tensor2D, labels, labelSmoothing));
    const { value, grad } = tf.valueAndGrad(twice)(logits);
    return [...value.dataSync(), ...grad.dataSync()];
  });
  expect(tf.memory().numTensors).toBe(before);
  return numbers;
}

it.skipIf(!available).each([0, 0.1])(
  'the fused loss with smoothing %d equals the composed one',
  async (smoothing) => {
    const composed = await lossOn('cpu', smoothing);
    const fused = await lossOn('xcp', smoothing);
    expect([...(tf.backend() as XcpBackend).fallbacks.keys()]).toEqual([]);
    expect(fused.length).toBe(composed.length);
    fused.forEach((value, i) => {
      expect(Math.abs(value - composed[i]!) / Math.max(1, Math.abs(composed[i]!))).toBeLessThan(1e-6);
    });
  },
);
