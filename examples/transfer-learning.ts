// Trains a classifier for new classes on a network that was trained for others, CIFAR-10's: first the classifier alone,
// then the last blocks with it. `weights: 'imagenet'` takes the full network's from Keras instead.
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { evaluate, train } from '@xcp/trainer';
import { countParameters, freeze, unfreeze } from '@xcp/xception';
import { pretrained } from '@xcp/xception/node';
import { pictures, SIDE } from './textures';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const settings = (epochs: number, learningRate: number) => ({
  epochs,
  optimizer: { name: 'adam' as const },
  schedule: { name: 'constant' as const, learningRate },
});

const classes = ['columns', 'dots', 'rows'] as const;
const { model, report } = await pretrained({
  weights: 'cifar10', // or a file: Keras's, PyTorch's as safetensors, a run's
  inputShape: [SIDE, SIDE, 3],
  classes: classes.length,
});
export const { replaced } = report; // the classifier, which stays as it was made

const trainData = pictures(classes, 32, 10_000);
freeze(model, 'features');
export const trainedAtFirst = countParameters(model).trainable;
await train({ model, trainData, config: settings(10, 0.01) });

unfreeze(model);
freeze(model, 'block5'); // what comes before the exit flow
export const trainedAtLast = countParameters(model).trainable;
await train({ model, trainData, config: settings(6, 0.001) });

export const { accuracy } = await evaluate({ model, data: pictures(classes, 64, 20_000), classes });
console.log({ replaced, trainedAtFirst, trainedAtLast, accuracy });
