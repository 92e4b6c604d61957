import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@xcp/backend';
import { cases, fixture } from './cases.mjs';
import { run } from './run.mjs';
import { errorsOf, summaryError } from './summary.mjs';
for (const backend of process.argv.slice(2)) {
  await tf.setBackend(backend);
  for (const c of cases) {
    const t = performance.now();
    const r = run(c);
    const f = fixture(c.name);
    console.log(backend, c.name, ((performance.now()-t)/1000).toFixed(1)+'s', errorsOf(r, f.exact), f.float32, tf.memory().numTensors);
    if (r.gradients) { const es = Object.entries(r.gradients).map(([n,v])=>[summaryError(v,f.exact.gradients[n]),n, v, f.exact.gradients[n]]).sort((a,b)=>b[0]-a[0]); console.log(es.slice(0,3).map(String).join('\n'), es[es.length>>1][0]); }
  }
}
