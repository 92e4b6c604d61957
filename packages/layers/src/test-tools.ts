import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import keras from '../fixtures/keras.json';

/** One case of `fixtures/keras.json`. */
export interface Golden {
  config: Record<string, unknown>;
  weights: Values[];
  x: Values;
  y: Values;
  dy: number[];
  dx: number[];
  dweights: number[][];
  weightsAfter: number[][];
}
type Values = { shape: number[]; values: number[] };

export const golden = keras as unknown as Record<
  'separableConv2d' | 'batchNormalization',
  Record<string, Golden>
>;

export const toTensor = ({ values, shape }: Values) => tf.tensor(values, shape);

/** `kernel_size` → `kernelSize`, and so on for every key. */
export function camelCased(config: Record<string, unknown>): Record<string, unknown> {
  const camel = (key: string) => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value]));
}

export function expectClose(
  actual: tf.Tensor | ArrayLike<number>,
  expected: tf.Tensor | ArrayLike<number>,
  tolerance = 1e-4,
) {
  const [a, e] = [actual, expected].map((v) => Array.from(v instanceof tf.Tensor ? v.dataSync() : v));
  expect(a!.length).toBe(e!.length);
  a!.forEach((value, i) => {
    expect(Math.abs(value - e![i]!), `at ${i}: ${value} against ${e![i]}`).toBeLessThan(tolerance);
  });
}

/** The gradient of sum(f(x) · dy) by central differences. */
export function numericGradient(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  dy: tf.Tensor,
  step = 1e-2,
): number[] {
  const at = (values: Float32Array) =>
    tf.tidy(() => tf.sum(tf.mul(f(tf.tensor(values, x.shape)), dy)).dataSync()[0]!);
  const values = x.dataSync() as Float32Array;
  return Array.from(
    values,
    (value, i) => at(values.with(i, value + step)) - at(values.with(i, value - step)),
  ).map((difference) => difference / (2 * step));
}

/** A function with no repetition over the first numbers, for inputs that nothing cancels in. */
export const wave = (shape: number[], phase = 0) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 2 * Math.sin(1.7 * i + phase)),
    shape,
  );

/** Runs f and checks that it leaves as many tensors as it found. */
export function expectNoLeak(f: () => void) {
  const before = tf.memory().numTensors;
  f();
  expect(tf.memory().numTensors).toBe(before);
}

/** Frees the weights of a layer that is in no model. */
export const disposeWeights = (layer: tfl.layers.Layer) => tf.dispose(layer.getWeights());

/** The model as it comes back from what is saved of it. */
export async function savedAndLoaded(model: tfl.LayersModel): Promise<tfl.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return tfl.loadLayersModel(tf.io.fromMemory(saved!));
}
