import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { peakMemory, resetPeakMemory, residentMemory } from '../../measure/memory.mjs';
import { repeat } from '../../measure/repeat.mjs';
import { makeBatch } from '../../network/data.mjs';
import { buildModel } from '../../network/model.mjs';
import { prediction, trainingStep } from '../../network/training.mjs';

/** Images whose logits are compared between the contenders. */
const CHECKED_IMAGES = 2;

/**
 * A contender that is a TensorFlow.js backend: reads its task from the command line, measures, and prints a line of
 * JSON. `describe` gives what it says of itself: `version`, `threads`, and anything else.
 */
export async function contend(backendName, describe) {
  const task = JSON.parse(process.argv[2]);
  if (!(await tf.setBackend(backendName)))
    throw new Error(`the backend ${backendName} cannot be set up here`);
  const baseline = residentMemory();
  const result = { ...describe(task), baseline, ...checkAndMeasure(task) };
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ ...result, cpuSeconds: (user + system) / 1e6 }));
  // A backend may keep workers that would keep the process.
  process.exit(0);
}

function checkAndMeasure(task) {
  const model = buildModel(task);
  const batch = makeBatch(task);
  const few = { images: tf.slice(batch.images, 0, Math.min(CHECKED_IMAGES, task.batch)) };
  const options = { eager: task.eager };
  const logits = [...prediction(model, few, options)()];
  const result = { parameters: model.countParams(), logits, samples: {}, peak: {} };
  const measure = (kind, run) => {
    resetPeakMemory();
    result.samples[kind] = repeat(run, task.repeat[kind]);
    // What training took stays with the process: an inference after it has no peak of its own.
    if (kind === task.kinds[0]) result.peak[kind] = peakMemory();
  };
  if (task.kinds.includes('train')) {
    const step = trainingStep(model, batch, options);
    result.losses = [step(), step()];
    measure('train', step);
  }
  if (task.kinds.includes('infer')) measure('infer', prediction(model, batch, options));
  const { inUse, held, peak } = tf.memory();
  return { ...result, tensors: { inUse, held, peak } };
}
