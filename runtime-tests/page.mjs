// What a browser runs: the experiment on an engine, with checkpoints in IndexedDB, so that the next page goes on where
// this one was killed. Tells the server each step and what it came to. `?kill=N`: waits after step N to be killed.
import * as tf from '@tensorflow/tfjs-core';
import { createBackend } from '@xcp/backend';
import { activateWebGpu } from '@xcp/backend/webgpu';
import { modelWeights, resume, train } from '@xcp/trainer';
import { indexedDbStore } from '@xcp/trainer/browser';
import { COMPARED_STEPS, pieces } from './experiment.mjs';
import { hashOf } from './hash-of.mjs';
import { madeUpCifar10 } from './images.mjs';

const query = new URL(location.href).searchParams;
const [engine, run, kill] = [query.get('engine'), query.get('run'), Number(query.get('kill'))];
const tell = (path, body) => fetch(path, { method: 'POST', body: JSON.stringify(body) });

async function useEngine() {
  if (engine === 'webgpu') return activateWebGpu({ software: true });
  if (engine === 'xcp-wasm') {
    tf.removeBackend(engine);
    // Relaxed SIMD may round a sum of products once or twice, as each runtime likes: the plain one is the same in all.
    tf.registerBackend(engine, () => createBackend({ isa: 'simd128' }));
  }
  if (!(await tf.setBackend(engine))) throw new Error(`${engine} could not be initialized`);
}

async function work() {
  await useEngine();
  const losses = [];
  const callbacks = [
    {
      async onLog({ step, loss }) {
        losses[step - 1] = loss;
        await tell('/step', step);
        if (step === kill) await new Promise(() => {});
      },
    },
  ];
  const store = indexedDbStore(run);
  const { config, ...rest } = pieces(madeUpCifar10());
  const begun = (await store.list()).length > 0;
  if (begun) await resume({ ...rest, store, callbacks });
  else await train({ ...rest, config, store, callbacks });
  const bits = await hashOf(await modelWeights(rest.model));
  return { bits, begun, losses: losses.slice(0, COMPARED_STEPS), crossOriginIsolated };
}

const result = await work().catch((error) => ({ error: String(error.message ?? error) }));
await tell('/result', result);
