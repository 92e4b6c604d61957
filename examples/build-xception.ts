// Builds the paper's network and one for small images, and counts their parameters.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { countParameters, xception, xceptionVariants } from '@xcp/xception';

await tf.setBackend('cpu');

const full = xception({ inputShape: [71, 71, 3], classes: 10 });
export const fullParameters = countParameters(full).total; // 20,881,970

const slim = xception({ ...xceptionVariants.slim, inputShape: [32, 32, 3], classes: 10 });
export const slimParameters = countParameters(slim).total;

const logits = slim.predict(tf.zeros([1, 32, 32, 3])) as tf.Tensor;
export const logitsShape = logits.shape; // [1, 10]

console.log({ fullParameters, slimParameters, logitsShape });
