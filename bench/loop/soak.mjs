import * as tf from '@tensorflow/tfjs-core';
import { memoryStore, train } from '@xcp/trainer';
import { buildModel } from '../network/model.mjs';
import { BATCH, networkNamed, SIZE } from './networks.mjs';
import { noiseSource } from './source.mjs';

const STEPS_PER_EPOCH = 50;

/** Trains for so many minutes, with validations and checkpoints, and looks at the memory every so many seconds. */
export async function soak({ network, config, minutes, every, log }) {
  const model = buildModel({ size: SIZE, batch: BATCH, network: networkNamed(network) });
  const rows = [];
  const controller = new AbortController();
  const begun = performance.now();
  let next = begun;

  const onStep = ({ step }) => {
    const now = performance.now();
    if (now - begun > minutes * 60_000) controller.abort();
    if (now < next) return;
    next += every * 1000;
    const { numTensors, numBytes } = tf.memory();
    const rss = process.memoryUsage.rss();
    const row = {
      seconds: Math.round((now - begun) / 1000),
      step,
      tensors: numTensors,
      tensorBytes: numBytes,
      rss,
    };
    rows.push(row);
    log(row);
  };
  await train({
    model,
    trainData: noiseSource({ stepsPerEpoch: STEPS_PER_EPOCH }),
    validationData: noiseSource({ stepsPerEpoch: 5 }),
    store: memoryStore(),
    config: {
      epochs: Number.MAX_SAFE_INTEGER,
      schedule: { name: 'constant', learningRate: 0.01 },
      ...config,
    },
    callbacks: [{ onStep }],
    signal: controller.signal,
  });
  return rows;
}
