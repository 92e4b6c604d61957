// Tells textures apart that a network was not trained for, by its features and a few pictures of each.
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { train } from '@xcp/trainer';
import { featureExtractor, preprocessInput, xception, xceptionVariants } from '@xcp/xception';
import { picture, pictures, SIDE, TEXTURES, type Texture } from './textures';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const model = xception({
  ...xceptionVariants.slim,
  inputShape: [SIDE, SIDE, 3],
  classes: 3,
  width: 0.5,
  batchNormMomentum: 0.9,
});
const schedule = { name: 'constant' as const, learningRate: 0.003 };
await train({
  model,
  trainData: pictures(['rows', 'columns', 'diagonal'], 120), // no dots
  config: { epochs: 5, optimizer: { name: 'adam' }, schedule },
});
const extractor = featureExtractor(model, ['block3', 'features']);

/** [pictures, features]: the mean of every channel of both taps, for pictures of one texture. */
function features(texture: Texture, firstSeed: number, count: number): tf.Tensor2D {
  return tf.tidy(() => {
    const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
    const images = tf.stack(seeds.map((seed) => preprocessInput(picture(texture, seed))));
    const maps = extractor.predict(images) as tf.Tensor4D[];
    const means = maps.map((map) => tf.mean(map, [1, 2]));
    return tf.concat(means, 1) as tf.Tensor2D;
  });
}

/** [textures, features]: what eight pictures of each have in common. */
const known = tf.tidy(() => tf.stack(TEXTURES.map((texture) => tf.mean(features(texture, 1_000_000, 8), 0))));

const SHOWN = 16;
export const accuracies = TEXTURES.map((texture, label) =>
  tf.tidy(() => {
    const shown = features(texture, 2_000_000, SHOWN);
    const differences = tf.sub(tf.expandDims(shown, 1), tf.expandDims(known, 0));
    const nearest = tf.argMin(tf.sum(tf.square(differences), 2), 1).dataSync();
    return nearest.filter((index) => index === label).length / SHOWN;
  }),
);

console.log(Object.fromEntries(TEXTURES.map((texture, i) => [texture, accuracies[i]])));
