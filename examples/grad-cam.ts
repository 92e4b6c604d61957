// Shows where a network sees what it decides by: takes an image of CIFAR-10's test set and the weights that ship, and
// paints the heat map of Grad-CAM over it. Usage: grad-cam.ts [file.png]
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { loadCifar10 } from '@xcp/cifar10/node';
import { decodePredictions, gradCam, preprocessInput } from '@xcp/xception';
import { cifar10 } from '@xcp/xception/cifar10';
import { pretrained } from '@xcp/xception/node';
import { encode } from 'fast-png';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const { size, classes, normalize } = cifar10;
const { test } = await loadCifar10();
const SHOWN = 0;
const pixels = test.images.subarray(SHOWN * size * size * 3, (SHOWN + 1) * size * size * 3);
export const truth = classes[test.labels[SHOWN]!]!;

export const { model } = await pretrained({ weights: 'cifar10' });
export const image = preprocessInput({ data: pixels, shape: [size, size, 3] }, normalize) as tf.Tensor3D;
const logits = model.predict(tf.expandDims(image)) as tf.Tensor;
const [ranked] = await decodePredictions(logits, { classes });
export const best = ranked![0]!;
export const heat = gradCam(model, image, best.index);

/** The picture darker, red where the heat is, and large enough to be looked at. */
const painted = tf.tidy(() => {
  const large = tf.image.resizeNearestNeighbor(tf.tensor(pixels, [size, size, 3]) as tf.Tensor3D, [256, 256]);
  const warmth = tf.image.resizeBilinear(tf.expandDims(heat, -1) as tf.Tensor3D, [256, 256]);
  const red = tf.mul(tf.mul(warmth, 180), tf.tensor1d([1, 0, 0]));
  return tf.add(tf.mul(large, tf.sub(1, tf.mul(warmth, 0.7))), red);
});
export const path = process.argv[2]?.endsWith('.png') ? process.argv[2] : join(tmpdir(), 'xcp-grad-cam.png');
const data = Uint8Array.from(painted.dataSync());
await writeFile(path, encode({ width: 256, height: 256, channels: 3, data }));

console.log(`a ${truth}, taken for ${best.name} (${best.score.toFixed(3)}): ${path}`);
