// Writes what the contenders of one configuration share: the plan of the network, its weights and a batch, as
// safetensors, and prints what the plan says. Usage: node write-task.mjs '{"size": 32, ...}' FILE
import { writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { encodeSafetensors } from '@xcp/safetensors';
import { modelWeights } from '@xcp/trainer';
import { describe } from '@xcp/xception';
import { makeBatch } from './data.mjs';
import { buildModel, configOf } from './model.mjs';
import { planOf } from './plan.mjs';

const [task, file] = process.argv.slice(2);
const config = JSON.parse(task);
await tf.setBackend('cpu');
const model = buildModel(config);
const { images, labels } = makeBatch(config);
const plan = planOf(model);
const tensors = {
  ...(await modelWeights(model)),
  images: { dtype: 'float32', shape: images.shape, data: images.dataSync() },
  labels: { dtype: 'int32', shape: labels.shape, data: labels.dataSync() },
};
writeFileSync(file, encodeSafetensors(tensors, { plan: JSON.stringify(plan) }));
const { macs, parameters } = describe(configOf(config));
console.log(JSON.stringify({ macs, parameters: parameters.total }));
