// The most memory that tensors take, in bytes, on the xcp engine, as `tf.memory().peak` says, once the function is
// traced. Prints a number. Usage: node measure.mjs '{"size": 32, "batch": 8, "network": {}, "kind": "training"}'
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@xcp/backend';
import { makeBatch } from '../network/data.mjs';
import { buildModel } from '../network/model.mjs';
import { prediction, trainingStep } from '../network/training.mjs';

/** Calls until a function is traced, and some more. */
const WARM_UP = 4;

const point = JSON.parse(process.argv[2]);
await tf.setBackend('xcp');
const model = buildModel(point);
const batch = makeBatch(point);
const run = (point.kind === 'training' ? trainingStep : prediction)(model, batch);
for (let i = 0; i < WARM_UP; i++) run();
tf.backend().resetPeak();
run();
console.log(tf.memory().peak);
// A backend may keep workers that would keep the process.
process.exit(0);
