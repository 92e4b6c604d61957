// What the averages of the weights cost beside a training step: epochs with and without them in turn, and the update
// alone. Usage: node bench/averages.mjs [--every 1] [--rounds 6]

import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@xcp/backend';
import { train } from '@xcp/trainer';
import { xception, xceptionVariants } from '@xcp/xception';
import { machine, machineLine } from './report/machine.mjs';

const { values: options } = parseArgs({
  options: { every: { type: 'string', default: '1' }, rounds: { type: 'string', default: '6' } },
});
await tf.setBackend('xcp');

const [BATCH, STEPS, SETTLING] = [64, 12, 4];
const shape = [BATCH, 32, 32, 3];
const batch = {
  shape,
  images: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(1.7 * i)),
  labels: Int32Array.from({ length: BATCH }, (_, n) => n % 10),
};
const trainData = {
  size: BATCH * STEPS,
  stepsPerEpoch: STEPS,
  *batches(_, startStep) {
    for (let step = startStep; step < STEPS; step++) yield batch;
  },
};

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Milliseconds of the later steps of an epoch. */
async function stepTimes(model, ema) {
  const marks = [];
  const config = { epochs: 1, schedule: { name: 'constant', learningRate: 1e-4 }, ema };
  await train({
    model,
    trainData,
    config,
    callbacks: [{ onStep: () => void marks.push(performance.now()) }],
  });
  return marks.slice(SETTLING).map((mark, i) => mark - marks[SETTLING + i - 1]);
}

/** Milliseconds of one update of all averages. */
function updateTime(model) {
  const weights = model.weights.map((weight) => weight.read());
  const averages = weights.map((weight) => tf.variable(tf.zerosLike(weight), false));
  const { kernelFunc } = tf.getKernel('XcpEmaUpdate', 'xcp');
  const times = Array.from({ length: 50 }, () => {
    const start = performance.now();
    kernelFunc({ inputs: [...averages, ...weights], attrs: { decay: 0.999 }, backend: tf.engine().backend });
    return performance.now() - start;
  });
  tf.dispose(averages);
  return median(times);
}

console.log(machineLine(machine()));
for (const [name, network] of Object.entries({ slim: xceptionVariants.slim, full: {} })) {
  const model = xception({ ...network, inputShape: [32, 32, 3], classes: 10 });
  const ema = { decay: 0.999, everySteps: Number(options.every) };
  const [without, with_] = [[], []];
  for (let round = 0; round < Number(options.rounds); round++) {
    without.push(...(await stepTimes(model, null)));
    with_.push(...(await stepTimes(model, ema)));
  }
  const update = updateTime(model);
  const [plain, averaged] = [median(without), median(with_)];
  console.log(
    `${name}: ${model.countParams()} weights; a step ${plain.toFixed(1)} ms, with averages ${averaged.toFixed(1)} ms; ` +
      `an update ${update.toFixed(2)} ms, ${((100 * update) / plain / ema.everySteps).toFixed(2)} % of a step`,
  );
  model.dispose();
}
