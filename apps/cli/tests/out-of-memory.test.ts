import * as tf from '@tensorflow/tfjs-core';
import { backendStatus, OutOfMemoryError, type XcpBackend } from '@xcp/backend';
import { softmaxCrossEntropy } from '@xcp/trainer';
import { xception } from '@xcp/xception';
import { expect, it } from 'vitest';

const status = backendStatus();
const MIB = 2 ** 20;

// wasm holds its memory for ever: only native memory is given back between the attempts.
const itNative = status.available && status.library === 'native' ? it : it.skip;

itNative('Xception leaves nothing behind wherever a training step runs out of memory', async () => {
  await tf.setBackend('xcp');
  const backend = tf.backend() as XcpBackend;
  const generous = backend.memoryLimit;
  const model = xception({
    inputShape: [32, 32, 3],
    classes: 10,
    stem: 'cifar',
    width: 1 / 16,
    middleBlocks: 1,
  });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const step = (batch: number) =>
    tf.tidy(() => {
      const images = tf.fill<tf.Rank.R4>([batch, 32, 32, 3], 0.5);
      const labels = tf.zeros<tf.Rank.R1>([batch], 'int32');
      const loss = () =>
        softmaxCrossEntropy(model.apply(images, { training: true }) as tf.Tensor2D, labels, 0.1);
      tf.variableGrads(loss as () => tf.Scalar, variables);
    });
  const state = () => ({ numTensors: tf.memory().numTensors, inUse: backend.memory().inUse });

  step(2);
  const before = state();
  let failures = 0;
  for (let room = 4 * MIB; ; room = Math.ceil(room * 1.3)) {
    backend.trim();
    backend.setMemoryLimit(backend.memory().held + room);
    try {
      step(64);
      break;
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfMemoryError);
      failures++;
    }
    expect(state()).toEqual(before);
  }
  expect(failures).toBeGreaterThan(3);
  expect(state()).toEqual(before);
  backend.setMemoryLimit(generous);
});
