// Shows where a network sees what it decides by: trains it to tell textures apart, and paints the heat map of
// Grad-CAM over a picture. Usage: grad-cam.ts [file.png]
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { train } from '@xcp/trainer';
import { decodePredictions, gradCam, preprocessInput, xception, xceptionVariants } from '@xcp/xception';
import { encode } from 'fast-png';
import { picture, pictures, SIDE } from './textures';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const classes = ['rows', 'columns'] as const;
const model = xception({
  ...xceptionVariants.slim,
  inputShape: [SIDE, SIDE, 3],
  classes: classes.length,
  width: 0.5,
  batchNormMomentum: 0.9,
});
const schedule = { name: 'constant' as const, learningRate: 0.003 };
await train({
  model,
  trainData: pictures(classes, 160),
  config: { epochs: 5, optimizer: { name: 'adam' }, schedule },
});

export const shown = picture('columns', 77_777);
const image = preprocessInput(shown);
const predictions = model.predict(tf.expandDims(image)) as tf.Tensor;
const [ranked] = await decodePredictions(predictions, { classes });
export const best = ranked![0]!;
export const heat = await gradCam(model, image, best.index).data();

/** The picture in grey, and in red where the heat is. */
const painted = shown.data.map((value, i) => {
  const warmth = heat[Math.floor(i / 3)]!;
  return value * (1 - 0.7 * warmth) + (i % 3 === 0 ? 255 * 0.7 * warmth : 0);
});
export const path = process.argv[2]?.endsWith('.png') ? process.argv[2] : join(tmpdir(), 'xcp-grad-cam.png');
await writeFile(path, encode({ width: SIDE, height: SIDE, channels: 3, data: painted }));

console.log(`${best.name} (${best.score.toFixed(3)}): ${path}`);
