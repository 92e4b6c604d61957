import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '../backend/dist/index.js';
import { xception, xceptionVariants, countParameters } from './dist/index.js';
const run = async (engine, config, batch, steps, side = 32) => {
  await tf.setBackend(engine);
  let t = performance.now();
  const model = xception({ ...config, inputShape: [side, side, 3], classes: 10, seed: 3 });
  const build = performance.now() - t;
  const x = tf.tensor(Float32Array.from({ length: batch * side * side * 3 }, (_, i) => Math.sin(i * 1.37)), [batch, side, side, 3]);
  const y = tf.oneHot(tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 10), 'int32'), 10);
  const vars = model.trainableWeights.map((w) => w.read());
  const names = model.trainableWeights.map((w) => w.originalName);
  let grads0; const times = []; const losses = []; const mems = [];
  for (let s = 0; s < steps; s++) {
    t = performance.now();
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true })), vars);
      if (s === 0) grads0 = vars.map((v) => Float32Array.from(grads[v.name].dataSync()));
      for (const v of vars) v.assign(tf.sub(v, tf.mul(grads[v.name], 0.05)));
      losses.push(value.dataSync()[0]);
    });
    times.push(performance.now() - t); mems.push(tf.memory().numTensors);
  }
  const moving = model.getWeights().slice(-4).map((w) => Float32Array.from(w.dataSync()));
  model.dispose();
  return { build, grads0, times, losses, mems, names, moving };
};
const cmp = (a, b) => { let worst = 0, name = ''; a.grads0.forEach((g, i) => { let d = 0, m = 0; g.forEach((v, j) => { d = Math.max(d, Math.abs(v - b.grads0[i][j])); m = Math.max(m, Math.abs(v)); }); if (d / (m + 1e-3) > worst) { worst = d / (m + 1e-3); name = a.names[i]; } }); return [worst, name]; };
for (const [label, config] of [['slim', xceptionVariants.slim], ['slim shared', { ...xceptionVariants.slim, middleFlow: 'shared' }]]) {
  const a = await run('cpu', config, 8, 2), b = await run('xcp', config, 8, 8);
  console.log(label, 'grad diff', cmp(a, b), 'losses cpu', a.losses, 'xcp', b.losses, 'ms', b.times.map((t) => t.toFixed(0)).join(' '), 'tensors', new Set(b.mems));
}
for (const [label, config, batch] of [['slim 128', xceptionVariants.slim, 128], ['keras 32 b8', {}, 8], ['keras 32 b64', {}, 64]]) {
  const b = await run('xcp', config, batch, 6);
  console.log(label, 'build', b.build.toFixed(0), 'ms', b.times.map((t) => t.toFixed(0)).join(' '), 'losses', b.losses.map((l) => l.toFixed(3)).join(' '), 'rss', (process.memoryUsage.rss() / 2 ** 20).toFixed(0));
}
