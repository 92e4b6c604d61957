// Trains with checkpoints on the disk, is stopped, resumes in the same process, and tells the hash of the weights, which
// must be that of a run that was never stopped, in every runtime. Prints one line.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { batchSource, decodeRecords } from '@xcp/cifar10';
import { modelWeights, resume, train } from '@xcp/trainer';
import { abortOnSignals, fileStore, metricsFile, readMetrics } from '@xcp/trainer/node';
import { xception } from '@xcp/xception';

const backend = globalThis.process.argv[2];
const STOP = 5;
const RECORD_BYTES = 3073;
const records = new Uint8Array(40 * RECORD_BYTES).map((_, i) =>
  i % RECORD_BYTES === 0 ? (i / RECORD_BYTES) % 10 : i * 7,
);
const images = decodeRecords(records);
const trainData = batchSource(images, { batchSize: 8, size: 16, seed: 1, shuffle: true, flip: 'random' });
const validationData = batchSource(images, { batchSize: 20, size: 16 });
const buildModel = () =>
  xception({
    inputShape: [16, 16, 3],
    classes: 10,
    entryFilters: [8, 16],
    middleBlocks: 1,
    exitFilters: [16, 24],
    finalFilters: [24],
    dropout: 0.2,
    seed: 2,
  });
// No cosine: a runtime may have its own.
const schedule = { name: 'oneCycle', maxLearningRate: 0.1 };
const config = { epochs: 2, schedule, checkpointEverySteps: 2, logEverySteps: 1 };

async function hashOf(model) {
  const hash = createHash('sha256');
  for (const [name, { data }] of Object.entries(await modelWeights(model))) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}

const status = backendStatus(backend);
if (!(await tf.setBackend(backend))) throw new Error(`${backend} could not be initialized`);
const folder = mkdtempSync(join(tmpdir(), 'xcp-runtime-'));
try {
  const whole = buildModel();
  await train({ model: whole, trainData, validationData, config });
  const weights = await hashOf(whole);

  const store = fileStore(join(folder, 'checkpoints'));
  const metrics = join(folder, 'metrics.jsonl');
  const { signal, dispose } = abortOnSignals(['SIGTERM']);
  const stop = {
    async onStep({ step }) {
      const second = await store.acquire().catch(({ message }) => message);
      if (!String(second).includes('by one process at a time')) throw new Error('the run must be locked');
      if (step === STOP) process.kill(process.pid, 'SIGTERM');
    },
    async onLog() {
      // The signal comes in a turn of its own.
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
  const run = { trainData, validationData, store };
  const callbacks = [metricsFile(metrics), stop];
  const cut = await train({ ...run, model: buildModel(), config, callbacks, signal }).finally(dispose);
  if (cut.stopped !== 'aborted' || cut.step !== STOP || signal.reason.exitCode !== 143) {
    throw new Error(`the run must be stopped after step ${STOP}, received ${cut.stopped} at ${cut.step}`);
  }
  const model = buildModel();
  await resume({ ...run, model, callbacks: [metricsFile(metrics)] });
  if ((await hashOf(model)) !== weights)
    throw new Error('the resumed run must have the weights of the whole');
  const rows = readMetrics(metrics).filter(({ kind }) => kind === 'log').length;
  if (rows !== 10) throw new Error(`the metrics must have a row for each of 10 steps, received ${rows}`);
  const left = readdirSync(join(folder, 'checkpoints')).filter((name) => !/^step-\d+$/.test(name));
  if (left.length > 0) throw new Error(`the checkpoints must be alone, received ${left.join(', ')}`);
  console.log(JSON.stringify({ ...status, resumed: weights }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
