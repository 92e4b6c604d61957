import * as tf from '@tensorflow/tfjs-core';
import '@xcp/backend';
import { exportSafetensors, loadWeights, xception } from '@xcp/xception';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cases, fixture } from './cases.mjs';
import { build, predict } from './run.mjs';
import { errorsOf } from './summary.mjs';

const narrow = cases.find(({ name }) => name === 'torch-128-narrow');
const { seed, exact } = fixture(narrow.name);
const { padding, batchNormEpsilon, width } = narrow.config;
const shape = { inputShape: [narrow.size, narrow.size, 3], classes: narrow.classes, width };
let bytes;

beforeAll(async () => {
  const model = build(narrow);
  bytes = await exportSafetensors(model, { names: 'timm' });
  model.dispose();
});
afterAll(() => expect(tf.memory().numTensors).toBe(0));

/** The report of loading timm's layout into a network, and how far its logits are then from PyTorch's. */
async function load(config) {
  const model = xception({ ...shape, ...config });
  const { names, warnings } = await loadWeights(model, bytes);
  const { logits } = errorsOf({ logits: predict(model, narrow, seed) }, { logits: exact.logits });
  model.dispose();
  return { names, warnings, logits };
}

it("gives PyTorch's logits without a warning where padding and epsilon are PyTorch's", async () => {
  const { names, warnings, logits } = await load({ padding, batchNormEpsilon });
  expect([padding, batchNormEpsilon]).toEqual(['torch', 1e-5]);
  expect(names).toBe('timm');
  expect(warnings).toEqual([]);
  expect(logits).toBeLessThan(1e-5);
});

it.each([
  [{ batchNormEpsilon }, [/`padding: 'torch'`/]],
  [{ padding }, [/`batchNormEpsilon: 0.00001`, and the model has 0.001/]],
  [{}, [/batchNormEpsilon/, /padding/]],
])('warns where %o gives other logits', async (config, expected) => {
  const { warnings, logits } = await load(config);
  expect(warnings).toHaveLength(expected.length);
  expected.forEach((pattern, i) => {
    expect(warnings[i]).toMatch(pattern);
  });
  expect(logits).toBeGreaterThan(1e-5);
});
