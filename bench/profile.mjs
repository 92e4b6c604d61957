// Where the time of a training step (or a prediction) goes, kernel by kernel and shape by shape.
// Usage: pnpm bench --profile [--config 32-b64] [--infer] [--backend xcp] [--shapes 25] [--seconds 4] [--out FILE]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@xcp/backend';
import { configNamed } from './configs.mjs';
import { makeBatch } from './network/data.mjs';
import { buildModel } from './network/model.mjs';
import { prediction, trainingStep } from './network/training.mjs';
import { Recorder } from './profile/recorder.mjs';
import { profileRows, profileSummary } from './profile/rows.mjs';

const { values: options } = parseArgs({
  options: {
    profile: { type: 'boolean' },
    config: { type: 'string', default: '32-b64' },
    backend: { type: 'string', default: 'xcp' },
    infer: { type: 'boolean', default: false },
    shapes: { type: 'string', default: '25' },
    seconds: { type: 'string', default: '4' },
    out: { type: 'string' },
  },
});
const config = configNamed(options.config);

await tf.setBackend(options.backend);
const backend = tf.backend();
const model = buildModel(config);
const batch = makeBatch(config);
// A traced function runs its kernels where nobody can look on.
const run = (options.infer ? prediction : trainingStep)(model, batch, { eager: true });
const recorder = new Recorder(options.backend, backend.library);

for (let i = 0; i < 3; i++) run();
backend.fallbacks.clear();
recorder.clear();
const times = [];
const until = performance.now() + 1000 * Number(options.seconds);
while (times.length < 3 || performance.now() < until) {
  const start = performance.now();
  run();
  times.push(performance.now() - start);
}
const steps = times.length;
const stepMs = times.reduce((sum, ms) => sum + ms, 0) / steps;

const summary = profileSummary(recorder, steps, stepMs);
const kernels = profileRows(recorder.byKernel, steps, stepMs);
const shapes = profileRows(recorder.byShape, steps, stepMs).slice(0, Number(options.shapes));
const native = profileRows(recorder.byNative, steps, stepMs);
const fallbacks = Object.fromEntries(backend.fallbacks);

console.log(`${options.infer ? 'Prediction' : 'Training step'} ${config.name}, mean of ${steps}`);
console.table(kernels);
console.log('By shape');
console.table(shapes);
console.log('Native kernels');
console.table(native.map(({ name, ms, share, calls }) => ({ name, ms, share, calls })));
console.log(JSON.stringify({ ...summary, fallbacks, isa: backend.library.isa }));
if (options.out) {
  writeFileSync(
    options.out,
    `${JSON.stringify({ config, steps, summary, kernels, shapes, native, fallbacks }, null, 1)}\n`,
  );
}
