import * as tf from '@tensorflow/tfjs-core';
import { backendStatus, type XcpBackend } from '@xcp/backend';
import { expect, it } from 'vitest';
import { expectSameStep, networkStep } from './network-step';

const status = backendStatus();
if (!status.available) console.warn(`skipped: the xcp backend is not available: ${status.reason}`);

it.skipIf(!status.available)('one training step on xcp equals the cpu backend', async () => {
  await tf.setBackend('cpu');
  const expected = networkStep();
  await tf.setBackend('xcp');
  const actual = networkStep((run) => {
    const { fallbacks } = tf.backend() as XcpBackend;
    fallbacks.clear();
    run();
    expect([...fallbacks.keys()]).toEqual([]);
  });
  expectSameStep(actual, expected);
});
