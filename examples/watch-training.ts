// Watches a training: averaged weights, early stopping, files for TensorBoard and spreadsheets, and what the curves say.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import {
  diagnose,
  earlyStopping,
  evaluate,
  loadWeights,
  memoryStore,
  recalibrateBatchNorm,
  train,
} from '@xcp/trainer';
import { csvFile, metricsFile, readMetrics, tensorBoard } from '@xcp/trainer/node';
import { xception, xceptionVariants } from '@xcp/xception';
import { pictures, SIDE } from './textures';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await tf.setBackend('xcp');

const textures = ['rows', 'columns'] as const;
const trainData = pictures(textures, 96);
const validationData = pictures(textures, 32, 1_000_000);
const model = xception({
  ...xceptionVariants.slim,
  inputShape: [SIDE, SIDE, 3],
  classes: 2,
  width: 0.5,
  batchNormMomentum: 0.9,
});
const store = memoryStore();
export const folder = join(tmpdir(), `watched-${process.pid}`);
const metrics = join(folder, 'metrics.jsonl');

export const { history, stopped, reason, ema } = await train({
  model,
  trainData,
  validationData,
  store,
  config: {
    epochs: 30,
    optimizer: { name: 'adam' },
    schedule: { name: 'constant', learningRate: 0.003 },
    ema: { decay: 0.95 },
    logEverySteps: 3,
  },
  callbacks: [
    metricsFile(metrics),
    csvFile(join(folder, 'epochs.csv')),
    tensorBoard(folder), // tensorboard --logdir …
    earlyStopping({ metric: 'validationAccuracy', patience: 4, restoreBest: { model, store } }),
  ],
});
console.log(`${history.length} epochs: ${stopped}${reason ? `, ${reason}` : ''}`);

const log = readMetrics(metrics).filter((row) => row.kind === 'log');
export const found = diagnose(history, { classes: textures.length, log });
for (const { title, evidence, advice } of found) console.log(`${title} (${evidence}): ${advice[0]}`);

export const best = await evaluate({ model, data: validationData });
loadWeights(model, ema!.weights);
await recalibrateBatchNorm({ model, data: trainData });
export const averaged = await evaluate({ model, data: validationData });
console.log(`accuracy ${best.accuracy}; of the averaged weights ${averaged.accuracy}`);
