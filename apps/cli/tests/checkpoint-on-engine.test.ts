import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { backendStatus, traced, type XcpBackend } from '@xcp/backend';
import {
  batchNormalization,
  type CheckpointArgs,
  checkpointBlock,
  dropout,
  dropPath,
  reLU,
  separableConv2d,
  setTrainingStep,
} from '@xcp/layers';
import { describe, expect, it } from 'vitest';

const { available } = backendStatus();
const shape = [16, 16, 24];
const engine = () => tf.backend() as XcpBackend;

const wave = (shape: number[], phase: number) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(1.7 * i + phase)),
    shape,
  );

/** Six residual blocks of two separable convolutions each, as in Xception's middle flow. */
function network(make: (args: CheckpointArgs) => tfl.layers.Layer): tfl.LayersModel {
  const block = (n: number) => {
    const name = (part: string) => `block${n}_${part}`;
    const inputs = tfl.input({ shape });
    const conv = (i: number) =>
      separableConv2d({ name: name(`conv${i}`), filters: 24, kernelSize: 3, padding: 'same' });
    const layers = [
      ...[reLU({ name: name('act') }), conv(1)],
      ...[batchNormalization({ name: name('bn1'), momentum: 0.9, activation: 'relu' }), conv(2)],
      ...[batchNormalization({ name: name('bn2') }), dropout({ name: name('drop'), rate: 0.1, seed: n })],
      dropPath({ name: name('path'), rate: 0.2, seed: n }),
    ];
    const branch = layers.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, inputs);
    const outputs = tfl.layers.add({ name: name('add') }).apply([branch, inputs]) as tfl.SymbolicTensor;
    return make({ inputs, outputs, name: name('block') });
  };
  const x = tfl.input({ shape });
  const blocks = Array.from({ length: 6 }, (_, n) => block(n));
  const y = blocks.reduce((x, block) => block.apply(x) as tfl.SymbolicTensor, x);
  const pooled = tfl.layers.globalAveragePooling2d({}).apply(y) as tfl.SymbolicTensor;
  const model = tfl.model({ inputs: x, outputs: pooled });
  tf.tidy(() =>
    model.setWeights(model.getWeights().map((w, i) => tf.add(tf.mul(wave(w.shape, i), 0.2), 0.5))),
  );
  return model;
}

/** Three training steps: losses, gradients and the weights behind them, and the peak of the last step. */
function run(make: Parameters<typeof network>[0], trace: boolean) {
  const model = network(make);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const before = tf.memory().numTensors;
  const gradients = (x: tf.Tensor, step: tf.Tensor) => {
    setTrainingStep(model, step as tf.Scalar);
    const { value, grads } = tf.variableGrads(() => {
      const y = model.apply(x, { training: true }) as tf.Tensor;
      return tf.sum(tf.mul(y, tf.sin(y))) as tf.Scalar;
    }, variables);
    return [value, ...variables.map(({ name }) => grads[name]!)];
  };
  const step = trace ? traced(gradients) : Object.assign(gradients, { dispose: () => undefined });
  const numbers: number[][] = [];
  let peak = 0;
  for (let n = 0; n < 4; n++) {
    tf.tidy(() => {
      const x = wave([8, ...shape], n);
      engine().resetPeak();
      const start = engine().memory().inUse;
      const outputs = step(x, tf.scalar(n, 'int32'));
      peak = engine().memory().peak - start;
      numbers.push(...outputs.map((t) => [...t.dataSync()]));
    });
  }
  step.dispose();
  expect(tf.memory().numTensors).toBe(before);
  numbers.push(...model.getWeights().map((t) => [...t.dataSync()]));
  model.dispose();
  return { numbers, peak };
}

describe.skipIf(!available)('checkpointBlock on the engine', () => {
  it('trains to the same bits, traced or not, in less than half of the memory', async () => {
    await tf.setBackend('xcp');
    const plain = run((args) => tfl.model(args), false);
    const checkpointed = run(checkpointBlock, false);
    expect(checkpointed.numbers).toEqual(plain.numbers);
    expect(checkpointed.peak).toBeLessThan(plain.peak / 2);
    const fast = run(checkpointBlock, true);
    expect(fast.numbers).toEqual(plain.numbers);
    expect(fast.peak).toBeLessThan(plain.peak / 2);
    expect([...engine().fallbacks.keys()]).toEqual([]);
  });
});
