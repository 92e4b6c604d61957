// What somebody writes who has the packages from JSR: type-checked and run by Deno, in the workspace of the sources.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type BatchSource, batchSource, type LabeledImages } from '@xcp/cifar10';
import { decodeSafetensors } from '@xcp/safetensors';
import { train } from '@xcp/trainer';
import { fileStore } from '@xcp/trainer/node';
import { exportSafetensors, xception } from '@xcp/xception';
import { loadWeights } from '@xcp/xception/node';

await tf.setBackend('cpu');
const config = {
  inputShape: [8, 8, 3] as [number, number, number],
  classes: 10,
  width: 0.01,
  middleBlocks: 1,
};
const model = xception({ ...config, entryFilters: [8], exitFilters: [8, 8], finalFilters: [8] });
const images: LabeledImages = {
  images: Uint8Array.from({ length: 16 * 32 * 32 * 3 }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: 16 }, (_, i) => i % 10),
  length: 16,
  width: 32,
  height: 32,
  channels: 3,
};
const trainData: BatchSource = batchSource(images, { size: 8, batchSize: 8 });
const store = fileStore('checkpoints');
const { step } = await train({ model, trainData, config: { epochs: 1 }, store });
const weights = await exportSafetensors(model);
await loadWeights(model, weights);
const saved = (await store.list()).length;
const tensors = Object.keys(decodeSafetensors(weights).tensors).length;
if (step !== 2 || saved !== 1 || tensors === 0) throw new Error(JSON.stringify({ step, saved, tensors }));
console.log(`${step} steps, ${tensors} tensors`);
