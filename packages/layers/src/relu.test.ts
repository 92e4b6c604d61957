import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { relu } from './relu';
import { reLU } from './relu-layer';
import { expectClose, expectNoLeak } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => {
  if (tf.getKernel('XcpReluGrad', 'cpu')) tf.unregisterKernel('XcpReluGrad', 'cpu');
});

const x = () => tf.tensor2d([-2, -0, 0, 3, 0.5, -1], [2, 3]);
const dy = () => tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);

it('is max(x, 0), with a gradient of 0 at 0', () => {
  expectClose(relu(x()), [0, 0, 0, 3, 0.5, 0], 1e-9);
  expectClose(tf.grad(relu)(x(), dy()), [0, 0, 0, 4, 5, 0], 1e-9);
});

it('runs the gradient kernel of an engine that has it', () => {
  let runs = 0;
  tf.registerKernel({
    kernelName: 'XcpReluGrad',
    backendName: 'cpu',
    kernelFunc: ({ inputs }) => {
      runs++;
      const [g, y] = [inputs.dy, inputs.y].map(
        (t) => tf.backend().readSync((t as tf.TensorInfo).dataId) as Float32Array,
      );
      return tf.tensor(
        g!.map((value, i) => (y![i]! > 0 ? value : 0)),
        [2, 3],
      );
    },
  });
  expectClose(tf.grad(relu)(x(), dy()), [0, 0, 0, 4, 5, 0], 1e-9);
  expect(runs).toBe(1);
});

it('has second derivatives', () => {
  const cube = (v: tf.Tensor) => tf.pow(relu(v), 3);
  expectClose(tf.grad(tf.grad(cube))(tf.tensor1d([-1, 2])), [0, 12], 1e-4);
});

it('holds on to no tensor', () => {
  const input = x();
  expectNoLeak(() => relu(input).dispose());
  expectNoLeak(() => tf.grad(relu)(input).dispose());
});

it('is a layer that is saved and loaded', async () => {
  const model = tfl.sequential({ layers: [reLU({ inputShape: [3], name: 'act' })] });
  const copy = await tfl.models.modelFromJSON(JSON.parse(model.toJSON() as string));
  expect(copy.layers[0]!.getClassName()).toBe('XcpReLU');
  expectClose(copy.predict(x()) as tf.Tensor, [0, 0, 0, 3, 0.5, 0], 1e-9);
});
