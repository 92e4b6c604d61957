import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { describe as describeNetwork } from '@xcp/xception';
import { beforeAll, describe, expect, it } from 'vitest';
import { configNamed } from '../configs.mjs';
import { buildModel, configOf } from './model.mjs';
import { resolvePadding } from './padding.mjs';
import { planOf } from './plan.mjs';

beforeAll(() => tf.setBackend('cpu'));

// Worked out by hand from the paper's figure 5, in GMAC.
it.each([
  ['32-b8', 0.0882],
  ['71-b8', 0.551],
  ['299-b2', 8.355],
  ['cifar-32-b64', 1.13],
])('%s has the parameters of Xception and %f GMAC', (name, expected) => {
  const { macs, parameters } = describeNetwork(configOf(configNamed(name)));
  expect(parameters.total).toBe(20_881_970);
  expect(macs / 1e9).toBeCloseTo(expected, 3);
});

/** Trained and untrained weights of a plan; shared ones count once. */
function parametersOf(plan) {
  const sizes = plan.flatMap(({ weights }) =>
    weights.map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)]),
  );
  return [...new Map(sizes).values()].reduce((a, b) => a + b, 0);
}

describe('planOf', () => {
  it('names a step for each application of a shared layer, and counts its weights once', () => {
    const config = { size: 16, network: { width: 1 / 16, middleFlow: 'shared', middleConvs: 1 } };
    const shared = buildModel(config);
    const plan = planOf(shared);
    expect(plan.filter(({ op }) => op === 'add')).toHaveLength(12);
    expect(new Set(plan.map(({ name }) => name)).size).toBe(plan.length);
    expect(parametersOf(plan)).toBe(describeNetwork(configOf(config)).parameters.total);
    shared.dispose();
  });

  it('frees every result but the last one, after whatever reads it', () => {
    const plan = planOf(buildModel(configNamed('tiny')));
    const alive = new Set();
    for (const { name, inputs, frees } of plan) {
      for (const input of inputs) expect(alive).toContain(input);
      for (const free of frees) alive.delete(free);
      alive.add(name);
    }
    expect([...alive]).toEqual(['predictions']);
  });
});

describe('resolvePadding', () => {
  const pool = { kernelSize: [3, 3], strides: [2, 2], padding: 'same' };

  it.each([
    [
      [5, 5],
      [1, 1],
    ],
    [
      [4, 4],
      [0, 1],
    ],
    [
      [1, 1],
      [1, 1],
    ],
  ])('pads a map of %j by %j', (size, expected) => {
    expect(resolvePadding(pool, size)).toEqual([expected, expected]);
  });

  it('pads as PyTorch does where the layer says so', () => {
    expect(resolvePadding({ ...pool, padding: 'symmetric' }, [4, 4])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('adds nothing to a valid convolution', () => {
    expect(resolvePadding({ ...pool, padding: 'valid' }, [4, 4])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
