// Trains a slim Xception on CIFAR-10 for a few steps on the CPU, without the command line.
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { batchSource, CIFAR10_CLASSES, CIFAR10_MEAN, CIFAR10_STD, split } from '@xcp/cifar10';
import { loadCifar10 } from '@xcp/cifar10/node';
import { evaluate, train } from '@xcp/trainer';
import { xception, xceptionVariants } from '@xcp/xception';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const { train: images } = await loadCifar10();
const indices = split(images, { share: 0.1, seed: 0 });
const normalize = { mean: CIFAR10_MEAN, std: CIFAR10_STD };
const trainData = batchSource(images, {
  ...normalize,
  indices: indices.train,
  batchSize: 128,
  shuffle: true,
  flip: 'random',
});
const validationData = batchSource(images, {
  ...normalize,
  indices: indices.validation.subarray(0, 1000),
  batchSize: 250,
});

const model = xception({
  ...xceptionVariants.slim,
  inputShape: [32, 32, 3],
  classes: 10,
  batchNormMomentum: 0.9, // a run of few steps cannot wait for Keras's 0.99
});
export const result = await train({
  model,
  trainData,
  config: {
    epochs: 1,
    maxSteps: 20,
    optimizer: { name: 'sgd', momentum: 0.9, nesterov: true },
    schedule: { name: 'constant', learningRate: 0.1 },
  },
});
export const validation = await evaluate({ model, data: validationData, classes: CIFAR10_CLASSES });

console.log(`${result.step} steps, validation accuracy ${validation.accuracy}`);
