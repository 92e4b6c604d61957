import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type XceptionConfig, xception } from '@xcp/xception';
import { expect } from 'vitest';

// Batch norm over few values is ill-conditioned: a batch of 8 is the least at which float32 gradients can agree.
const BATCH = 8;
const config: XceptionConfig = {
  inputShape: [24, 24, 3],
  classes: 10,
  stem: 'cifar',
  width: 1 / 32,
  middleBlocks: 2,
  seed: 7,
};

function images(): tf.Tensor4D {
  const values = Float32Array.from(
    { length: BATCH * 24 * 24 * 3 },
    (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011),
  );
  return tf.tensor4d(values, [BATCH, 24, 24, 3]);
}

export interface Step {
  loss: number;
  gradients: Map<string, Float32Array>;
  moving: Float32Array[];
}

/**
 * Loss, gradients and moving statistics of one training step of a narrow network on the backend in use, from the same
 * weights each time. No tensor may be left.
 *
 * @param again may run the step once more and watch
 */
export function networkStep(again?: (run: () => void) => void): Step {
  const model: tfl.LayersModel = xception(config);
  const variables = model.trainableWeights.map((w) => w.read() as tf.Variable);
  const run = () => {
    let result: Omit<Step, 'moving'>;
    // A map is nothing that a tidy can hand out.
    tf.tidy(() => {
      const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32'), 10);
      const { value, grads } = tf.variableGrads(() => {
        const logits = model.apply(images(), { training: true }) as tf.Tensor;
        return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;
      }, variables);
      result = {
        loss: value.dataSync()[0]!,
        gradients: new Map(
          model.trainableWeights.map((w, i) => [
            w.originalName,
            grads[variables[i]!.name]!.dataSync() as Float32Array,
          ]),
        ),
      };
    });
    return result!;
  };
  const before = tf.memory().numTensors;
  const result = run();
  expect(tf.memory().numTensors).toBe(before);
  const moving = model.nonTrainableWeights.map((w) => w.read().dataSync() as Float32Array);
  again?.(run);
  model.dispose();
  return { ...result, moving };
}

/** Losses, gradients (by the largest of all) and moving statistics agree as float32 allows. */
export function expectSameStep(actual: Step, expected: Step): void {
  expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(1e-5);
  expect([...actual.gradients.keys()]).toEqual([...expected.gradients.keys()]);
  const largest = Math.max(
    ...[...expected.gradients.values()].map((g) => g.reduce((a, v) => Math.max(a, Math.abs(v)), 0)),
  );
  for (const [name, gradient] of expected.gradients) {
    const other = actual.gradients.get(name)!;
    const error = gradient.reduce((worst, v, i) => Math.max(worst, Math.abs(v - other[i]!)), 0);
    expect(error / largest, name).toBeLessThan(1e-4);
  }
  expected.moving.forEach((statistics, i) => {
    const error = statistics.reduce((worst, v, j) => Math.max(worst, Math.abs(v - actual.moving[i]![j]!)), 0);
    expect(error, `moving statistics ${i}`).toBeLessThan(1e-5);
  });
}
