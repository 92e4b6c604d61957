import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { itXcp, useXcp, values } from '../testing/on-both';

const attrs = {
  momentum: 0.9,
  nesterov: true,
  newtonSchulzSteps: 5,
  learningRate: [0.5, 0.25, 0.5],
  weightDecay: [0, 0.1, 0],
};
const shapes = [
  [1, 1, 24, 40],
  [3, 3, 8, 17],
  [1, 1, 1, 5],
];

const variable = (shape: number[], seed: number) =>
  tf.variable(tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape));

/** Calls the kernel on variables; gives the parameters and velocities after it. */
function update(given: object = {}, own = shapes): { parameters: number[][]; velocities: number[][] } {
  const list = (seed: number) => own.map((shape, i) => variable(shape, seed + i));
  const [parameters, gradients, velocities] = [list(1), list(11), list(21)];
  const inputs = [...parameters, ...gradients, ...velocities] as unknown as tf.NamedTensorInfoMap;
  tf.getKernel('XcpMuonUpdate', tf.getBackend()).kernelFunc({
    inputs,
    attrs: { ...attrs, ...given } as tf.NamedAttrMap,
    backend: tf.backend(),
  });
  const read = (tensors: tf.Tensor[]) => tensors.map((tensor) => Array.from(tensor.dataSync()));
  return { parameters: read(parameters), velocities: read(velocities) };
}

type Matrix = number[][];
const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const blend = (a: Matrix, x: number, b: Matrix, y: number): Matrix =>
  a.map((row, i) => row.map((value, j) => x * value + y * b[i]![j]!));

/** The same by plain loops in double precision, always with G = X·Xᵀ. */
function naive(shape: number[], i: number, nesterov: boolean) {
  const count = tf.util.sizeFromShape(shape);
  const [w, g, v] = [1, 11, 21].map((seed) => Array.from(values(count, seed + i)));
  const velocity = v!.map((x, j) => 0.9 * x + g![j]!);
  const direction = nesterov ? velocity.map((x, j) => g![j]! + 0.9 * x) : velocity;
  const norm = Math.hypot(...direction);
  const columns = shape.at(-1)!;
  const rows = count / columns;
  let x: Matrix = Array.from({ length: rows }, (_, r) =>
    direction.slice(r * columns, (r + 1) * columns).map((value) => value / norm),
  );
  for (let step = 0; step < 5; step++) {
    const gram = product(x, transposed(x));
    x = blend(x, 3.4445, product(blend(gram, -4.775, product(gram, gram), 2.0315), x), 1);
  }
  const rate = attrs.learningRate[i]!;
  const move = x.flat();
  const reach = rate * Math.sqrt(Math.max(1, columns / rows));
  const kept = 1 - rate * attrs.weightDecay[i]!;
  return { velocity, parameter: w!.map((value, j) => kept * value - reach * move[j]!) };
}

describe('XcpMuonUpdate', () => {
  for (const nesterov of [true, false])
    itXcp(`equals naive loops, nesterov ${nesterov}`, async () => {
      await useXcp();
      const { parameters, velocities } = update({ nesterov });
      shapes.forEach((shape, i) => {
        const { parameter, velocity } = naive(shape, i, nesterov);
        parameter.forEach((value, j) => {
          expect(parameters[i]![j]).toBeCloseTo(value, 3);
        });
        velocity.forEach((value, j) => {
          expect(velocities[i]![j]).toBeCloseTo(value, 5);
        });
      });
    });

  itXcp('keeps nothing but what it updates', async () => {
    await useXcp();
    const before = tf.backend().numDataIds();
    const dispose = tf.memory().numTensors;
    tf.engine().startScope();
    update();
    tf.engine().endScope();
    tf.disposeVariables();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(dispose);
    expect(tf.backend().numDataIds()).toBeLessThanOrEqual(before);
  });

  itXcp('refuses what does not match', async () => {
    await useXcp();
    expect(() => update({ learningRate: [1] })).toThrow(
      '`learningRate` must be a list with one value for each of 3',
    );
    expect(() => update({ newtonSchulzSteps: 0.5 })).toThrow(
      '`newtonSchulzSteps` must be a whole number from 1 to 99, received 0.5',
    );
    expect(() => update({}, [[0, 3]])).toThrow('for parameter 0');
  });
});
