// Tells textures apart that a network was not trained for, by its features and a few pictures of each.
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { featureExtractor, preprocessInput } from '@xcp/xception';
import { cifar10 } from '@xcp/xception/cifar10';
import { pretrained } from '@xcp/xception/node';
import { picture, SIDE, TEXTURES, type Texture } from './textures';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const { model } = await pretrained({ weights: 'cifar10', inputShape: [SIDE, SIDE, 3] });
const extractor = featureExtractor(model, ['block3', 'features']);

/** [pictures, features]: the mean of every channel of both taps, for pictures of one texture. */
function features(texture: Texture, firstSeed: number, count: number): tf.Tensor2D {
  return tf.tidy(() => {
    const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
    const images = tf.stack(seeds.map((seed) => preprocessInput(picture(texture, seed), cifar10.normalize)));
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
