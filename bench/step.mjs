// Times training steps and predictions of the full Xception on our backend and prints a line of JSON for each
// measured round. `train.mjs` runs it beside PyTorch. Usage:
// node bench/step.mjs --size 32 --batch 64 [--backend xcp-wasm] [--profile]
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { XcpBackend } from '@xcp/backend';
import { xception, xceptionVariants } from '@xcp/xception';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '32' },
    batch: { type: 'string', default: '64' },
    backend: { type: 'string', default: 'xcp' },
    variant: { type: 'string', default: 'keras' },
    rounds: { type: 'string', default: '5' },
    profile: { type: 'boolean', default: false },
  },
});
const [size, batch, rounds] = [options.size, options.batch, options.rounds].map(Number);

await tf.setBackend(options.backend);
const backend = tf.backend();
if (!(backend instanceof XcpBackend)) throw new Error('bench: the backend is not there');

const model = xception({ ...xceptionVariants[options.variant], inputShape: [size, size, 3], classes: 10 });
const weights = model.trainableWeights.map((w) => w.read());
const velocities = weights.map((w) => tf.variable(tf.zerosLike(w), false));
const x = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);
const labels = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: batch }, (_, i) => i % 10),
    'int32',
  ),
  10,
);

function step() {
  tf.tidy(() => {
    const { grads } = tf.variableGrads(() => {
      const logits = model.apply(x, { training: true });
      return tf.losses.softmaxCrossEntropy(labels, logits);
    }, weights);
    tf.getKernel('XcpSgdUpdate', options.backend).kernelFunc({
      inputs: [...weights, ...weights.map((w) => grads[w.name]), ...velocities],
      attrs: { learningRate: 0.01, momentum: 0.9, nesterov: false, weightDecay: weights.map(() => 0) },
      backend,
    });
  });
}
const predict = () => tf.tidy(() => model.predict(x).dataSync());

const kernels = new Map();
if (options.profile) {
  const { library } = backend;
  const callWith = library.callWith;
  library.callWith = (name, args) => {
    const start = performance.now();
    callWith(name, args);
    const entry = kernels.get(name) ?? { ms: 0, calls: 0 };
    kernels.set(name, { ms: entry.ms + performance.now() - start, calls: entry.calls + 1 });
  };
  library.call = (name, ...args) => library.callWith(name, args);
}

function time(f) {
  const times = [];
  const until = performance.now() + 2000;
  while (times.length < 3 || performance.now() < until) {
    const start = performance.now();
    f();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}

for (let i = 0; i < 3; i++) step();
backend.fallbacks.clear();
step();
const fallbacks = Object.fromEntries(backend.fallbacks);
const tensors = tf.memory().numTensors;
for (let round = 0; round < rounds; round++) {
  kernels.clear();
  const train = time(step);
  const line = { train: Number(train.toFixed(1)) };
  if (!options.profile) line.predict = Number(time(predict).toFixed(1));
  console.log(JSON.stringify(line));
}
const { inUse, held, peak } = tf.memory();
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
console.log(
  JSON.stringify({
    library: backend.library.kind,
    isa: backend.library.isa,
    threads: backend.library.threads,
    fallbacks,
    leaked: tf.memory().numTensors - tensors,
    inUse: mib(inUse),
    held: mib(held),
    peak: mib(peak),
    rss: mib(process.memoryUsage().rss),
  }),
);
if (options.profile) {
  console.table(
    [...kernels]
      .sort((a, b) => b[1].ms - a[1].ms)
      .map(([name, { ms, calls }]) => ({ name, ms: ms.toFixed(1), calls })),
  );
}
