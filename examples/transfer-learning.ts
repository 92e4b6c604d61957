// Trains a classifier for new classes on a network that was trained for others: first the classifier alone, then
// the last blocks with it. With ImageNet, `pretrained({ classes: 2, weights: 'imagenet' })` of '@xcp/xception/node'
// takes the place of the first part.
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { evaluate, train } from '@xcp/trainer';
import {
  countParameters,
  exportSafetensors,
  freeze,
  loadWeights,
  unfreeze,
  type XceptionConfig,
  xception,
  xceptionVariants,
} from '@xcp/xception';
import { pictures, SIDE } from './textures';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const config: XceptionConfig = {
  ...xceptionVariants.slim,
  inputShape: [SIDE, SIDE, 3],
  width: 0.5,
  batchNormMomentum: 0.9,
};
const settings = (epochs: number, learningRate: number) => ({
  epochs,
  optimizer: { name: 'adam' as const },
  schedule: { name: 'constant' as const, learningRate },
});

const first = xception({ ...config, classes: 2 });
await train({ model: first, trainData: pictures(['rows', 'diagonal'], 160), config: settings(4, 0.003) });
const weights = await exportSafetensors(first); // or a file: Keras's, PyTorch's as safetensors, a run's

const classes = ['columns', 'dots', 'rows'] as const;
const model = xception({ ...config, classes: classes.length });
export const { replaced } = await loadWeights(model, weights); // the classifier, which stays as it was made

const trainData = pictures(classes, 32, 10_000);
freeze(model, 'features');
export const trainedAtFirst = countParameters(model).trainable;
await train({ model, trainData, config: settings(10, 0.01) });

unfreeze(model);
freeze(model, 'block6'); // what comes before the exit flow
export const trainedAtLast = countParameters(model).trainable;
await train({ model, trainData, config: settings(6, 0.001) });

export const { accuracy } = await evaluate({ model, data: pictures(classes, 64, 20_000), classes });
console.log({ replaced, trainedAtFirst, trainedAtLast, accuracy });
