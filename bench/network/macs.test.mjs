import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { configNamed } from '../configs.mjs';
import { countMacs, countParameters } from './macs.mjs';
import { buildModel } from './model.mjs';
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
  const model = buildModel(configNamed(name));
  const plan = planOf(model);
  expect(countParameters(plan)).toBe(20_881_970);
  expect(countMacs(plan) / 1e9).toBeCloseTo(expected, 3);
  model.dispose();
});

describe('planOf', () => {
  it('names a step for each application of a shared layer, and counts its weights once', () => {
    const shared = buildModel({ size: 16, network: { width: 1 / 16, middleFlow: 'shared', middleConvs: 1 } });
    const plan = planOf(shared);
    expect(plan.filter(({ op }) => op === 'add')).toHaveLength(12);
    expect(new Set(plan.map(({ name }) => name)).size).toBe(plan.length);
    expect(countParameters(plan)).toBe(shared.countParams());
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

  it('adds nothing to a valid convolution', () => {
    expect(resolvePadding({ ...pool, padding: 'valid' }, [4, 4])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
