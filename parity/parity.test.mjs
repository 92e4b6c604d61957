import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cases, fixture } from './cases.mjs';
import { exceeded } from './limits.mjs';
import { run } from './run.mjs';
import { errorsOf } from './summary.mjs';

const native = backendStatus('xcp').library === 'native';
if (!native) console.warn('parity: the native kernels are not there, so only their wasm build is compared');

const errorsFor = (case_) => {
  const { seed, exact } = fixture(case_.name);
  return errorsOf(run(case_, seed), exact);
};

/** The small ones on wasm where the native kernels have compared all. */
const casesOn = (backend) =>
  native && backend === 'xcp-wasm' ? cases.filter(({ clearOfKinks }) => clearOfKinks) : cases;

describe.each(native ? ['xcp', 'xcp-wasm'] : ['xcp-wasm'])('on %s', (backend) => {
  let before;
  beforeEach(async () => {
    await tf.setBackend(backend);
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  it.each(casesOn(backend))('$name: logits, and what a step of training changes', (case_) => {
    expect(exceeded(errorsFor(case_), case_)).toEqual([]);
  });

  const narrow = cases.find(({ name }) => name === 'torch-128-narrow');

  it('would tell the padding of Keras', () => {
    const other = { ...narrow, training: false, config: { ...narrow.config, padding: 'keras' } };
    const { seed, exact } = fixture(narrow.name);
    expect(errorsOf(run(other, seed), { logits: exact.logits }).logits).toBeGreaterThan(0.01);
  });

  it.each([{ batchNormEpsilon: 1e-3 }, { batchNormMomentum: 0.99 }, { batchNormUnbiasedVariance: false }])(
    'would tell %o',
    (change) => {
      const errors = errorsFor({ ...narrow, config: { ...narrow.config, ...change } });
      expect(errors.statistics).toBeGreaterThan(1e-4);
      expect(errors.logitsAfter).toBeGreaterThan(1e-4);
    },
  );
});
