import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@xcp/backend';
import { cases, fixture } from './cases.mjs';
import { run } from './run.mjs';
import { errorsOf } from './summary.mjs';
for (const backend of process.argv.slice(2)) {
  await tf.setBackend(backend);
  for (const c of cases) {
    const t = performance.now();
    const r = run(c, fixture(c.name).seed);
    const f = fixture(c.name);
    console.log(backend, c.name, ((performance.now()-t)/1000).toFixed(1)+'s', errorsOf(r, f.exact), f.float32, tf.memory().numTensors);
  }
}
