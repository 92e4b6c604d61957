import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { backendStatus, traced, type XcpBackend } from '@xcp/backend';
import { conv2d, depthwiseConv2d, maxPooling2d, separableConv1d, separableConv2d } from '@xcp/layers';
import { describe, expect, it } from 'vitest';

const between = { batchNormalization: { epsilon: 0.1 }, activation: 'relu' as const };
const symmetric = { kernelSize: 3, strides: 2, padding: 'symmetric' as const };
const layers: [string, () => tfl.layers.Layer][] = [
  ['separable', () => separableConv2d({ kernelSize: 3, filters: 5, padding: 'same', depthMultiplier: 2 })],
  ['separable, symmetric', () => separableConv2d({ ...symmetric, filters: 5 })],
  ['separable, symmetric, dilated', () => separableConv2d({ ...symmetric, filters: 5, dilationRate: 2 })],
  ['separable, dilated', () => separableConv2d({ kernelSize: 3, filters: 5, dilationRate: [1, 2] })],
  [
    'separable, pointwise first',
    () => separableConv2d({ ...symmetric, filters: 5, order: 'pointwise-first' }),
  ],
  ['separable, normalized between', () => separableConv2d({ ...symmetric, filters: 5, between })],
  ['separable, of sequences', () => separableConv1d({ ...symmetric, filters: 5, useBias: true })],
  ['separable, of sequences, dilated', () => separableConv1d({ kernelSize: 4, filters: 5, dilationRate: 2 })],
  [
    'depthwise',
    () => depthwiseConv2d({ ...symmetric, depthMultiplier: 2, useBias: true, activation: 'relu' }),
  ],
  ['depthwise, dilated', () => depthwiseConv2d({ kernelSize: 3, dilationRate: 2, padding: 'same' })],
  ['dense', () => conv2d({ ...symmetric, filters: 5, useBias: true, activation: 'relu' })],
  ['dense, dilated', () => conv2d({ kernelSize: [3, 2], filters: 5, dilationRate: [2, 3] })],
  ['dense, channels first', () => conv2d({ ...symmetric, filters: 5, dataFormat: 'channelsFirst' })],
  ['max pool', () => maxPooling2d({ poolSize: 3, strides: 2, padding: 'symmetric' })],
];

const wave = (shape: number[], phase: number) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(1.7 * i + phase)),
    shape,
  );

/** The prediction, the output in training and all gradients of a layer, from the same weights on any engine. */
async function run(backend: string, make: () => tfl.layers.Layer): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const layer = make();
  const shape = layer.getClassName().endsWith('1D') ? [4, 10, 6] : [4, 10, 8, 6];
  layer.build(shape);
  tf.tidy(() => layer.setWeights(layer.getWeights().map((w, i) => tf.add(tf.abs(wave(w.shape, i)), 0.1))));
  const variables = layer.trainableWeights.map((w) => w.read() as tf.Variable);
  const step = () =>
    tf.tidy(() => {
      const x = wave(shape, 9);
      const prediction = layer.apply(x) as tf.Tensor;
      const train = (...[input]: tf.Tensor[]) => layer.apply(input!, { training: true }) as tf.Tensor;
      const gradients = tf.grads(train)([x, ...variables], wave(prediction.shape, 5));
      return [prediction, ...gradients].map((tensor) => tensor.dataSync() as Float32Array);
    });
  const before = tf.memory().numTensors;
  const result = step();
  expect(tf.memory().numTensors).toBe(before);
  if (backend !== 'cpu') {
    const { fallbacks } = tf.backend() as XcpBackend;
    fallbacks.clear();
    step();
    expect([...fallbacks.keys()]).toEqual([]);
  }
  tf.dispose(layer.getWeights());
  return result;
}

const engines = (['xcp', 'xcp-wasm'] as const).filter((name) => {
  const status = backendStatus(name);
  if (!status.available) console.warn(`skipped: ${name} is not available: ${status.reason}`);
  return status.available;
});

describe.each(engines)('on %s as on the cpu backend', (engine) => {
  it.each(layers)('%s', async (_, make) => {
    const [expected, actual] = [await run('cpu', make), await run(engine, make)];
    expected.forEach((values, i) => {
      const largest = values.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
      const error = values.reduce((worst, v, j) => Math.max(worst, Math.abs(v - actual[i]![j]!)), 0);
      expect(actual[i]!.length).toBe(values.length);
      expect(error / largest, `output ${i}`).toBeLessThan(1e-5);
    });
  });

  it('a penalty on the output is part of a traced step', async () => {
    await tf.setBackend(engine);
    const args = { ...symmetric, filters: 2, activityRegularizer: 'l1l2' as const };
    const layers = [separableConv2d({ ...args, between }), conv2d(args)];
    for (const layer of layers) layer.build([2, 6, 6, 3]);
    const variables = layers.flatMap((layer) => layer.trainableWeights.map((w) => w.read() as tf.Variable));
    const step = (x: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(() => {
        const outputs = layers.map((layer) => tf.sum(layer.apply(x, { training: true }) as tf.Tensor));
        return tf.addN([...outputs, ...layers.flatMap((layer) => layer.calculateLosses())]) as tf.Scalar;
      }, variables);
      return [value, ...variables.map((variable) => grads[variable.name]!)];
    };
    const inputs = [1, 2, 3, 4, 5].map((phase) => wave([2, 6, 6, 3], phase));
    const read = (tensors: tf.Tensor[]) => {
      const values = tensors.map((tensor) => Array.from(tensor.dataSync()));
      tf.dispose(tensors);
      return values;
    };
    const expected = inputs.map((x) => read(tf.tidy(() => step(x))));
    const trace = traced((x: tf.Tensor) => step(x));
    const before = tf.memory().numTensors;
    expect(inputs.map((x) => read(trace(x)))).toEqual(expected);
    expect(tf.memory().numTensors).toBe(before);
    trace.dispose();
    tf.dispose([inputs, layers.map((layer) => layer.getWeights())]);
  });
});
