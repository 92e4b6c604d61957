import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { deriveSeed } from './random';
import { type VarianceScalingArgs, varianceScaling } from './variance-scaling';

beforeAll(() => tf.setBackend('cpu'));

const draw = (args: VarianceScalingArgs, shape: number[]) =>
  tf.tidy(() => Array.from(varianceScaling(args).apply(shape).dataSync()));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the numbers', () => {
  it.each(['uniform', 'truncatedNormal'] as const)(
    '%s: have mean 0 and the variance scale / fan',
    (distribution) => {
      const cases = [
        { mode: 'fanIn', fan: 9 * 20 },
        { mode: 'fanOut', fan: 9 * 80 },
        { mode: 'fanAvg', fan: 9 * 50 },
      ] as const;
      for (const { mode, fan } of cases) {
        const values = draw({ seed: 7, scale: 2, mode, distribution }, [3, 3, 20, 80]);
        const stddev = Math.sqrt(2 / fan);
        const variance = mean(values.map((value) => value ** 2));
        expect(Math.abs(mean(values)) / stddev).toBeLessThan(0.03);
        expect(variance / stddev ** 2).toBeGreaterThan(0.97);
        expect(variance / stddev ** 2).toBeLessThan(1.03);
        const bound = distribution === 'uniform' ? Math.sqrt(3) : 2 / 0.8796;
        expect(Math.max(...values.map(Math.abs)) / stddev).toBeLessThanOrEqual(bound + 1e-3);
      }
    },
  );

  it('are the same for the same seed, also 0, and others for another', () => {
    const values = (seed: number) => draw({ seed, distribution: 'uniform' }, [4, 4]);
    expect(values(0)).toEqual(values(0));
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        fc.pre(a !== b);
        expect(values(a)).not.toEqual(values(b));
      }),
      { numRuns: 50 },
    );
  });

  it('stay as they are from version to version: runs must be repeatable', () => {
    const bits = draw({ seed: 42, distribution: 'uniform', scale: 1 / 3 }, [1, 4]).map(
      (v) => (v + 1) * 2 ** 23,
    );
    expect(bits).toEqual([9_327_621, 9_914_605, 12_008_335, 13_158_801]);
  });

  it('do not correlate between neighbours or between streams', () => {
    const a = draw({ seed: 1 }, [1, 20_000]);
    const b = draw({ seed: 2 }, [1, 20_000]);
    const correlation = (x: number[], y: number[]) => mean(x.map((value, i) => value * (y[i] ?? 0)));
    expect(Math.abs(correlation(a, b))).toBeLessThan(0.03);
    expect(Math.abs(correlation(a, a.slice(1)))).toBeLessThan(0.03);
  });
});

describe('the initializer', () => {
  it('is taken by built-in layers, saved and loaded', async () => {
    const kernelInitializer = varianceScaling({ seed: 5, mode: 'fanAvg', distribution: 'uniform' });
    const model = tfl.sequential({
      layers: [tfl.layers.dense({ units: 3, inputShape: [2], kernelInitializer })],
    });
    const copy = await tfl.models.modelFromJSON(JSON.parse(model.toJSON() as string));
    expect(copy.layers[0]!.getConfig().kernelInitializer).toEqual({
      className: 'XcpVarianceScaling',
      config: kernelInitializer.getConfig(),
    });
    // Built anew from the config, not loaded: the weights come out the same.
    expect(Array.from(copy.getWeights()[0]!.dataSync())).toEqual(
      Array.from(model.getWeights()[0]!.dataSync()),
    );
  });

  it.each([
    [{ seed: undefined }, /`seed` must be a whole number of at least 0, received undefined/],
    [{ seed: 1, scale: 0 }, /`scale` must be positive, received 0/],
    [{ seed: 1, mode: 'fan_in' }, /`mode` must be one of fanIn, fanOut, fanAvg, received 'fan_in'/],
    [{ seed: 1, distribution: 'normal' }, /`distribution` must be one of uniform, truncatedNormal/],
  ])('rejects %j', (args, message) => {
    expect(() => varianceScaling(args as unknown as VarianceScalingArgs)).toThrow(message);
  });
});

describe('deriveSeed', () => {
  it('gives every place a seed of its own', () => {
    const seeds = new Set<number>();
    for (let seed = 0; seed < 20; seed++)
      for (let layer = 0; layer < 50; layer++)
        for (const kernel of ['depthwise_kernel', 'pointwise_kernel'])
          seeds.add(deriveSeed(seed, `block${layer}`, kernel));
    expect(seeds.size).toBe(20 * 50 * 2);
    expect(deriveSeed(1, 'a', 'b')).toBe(deriveSeed(1, 'a', 'b'));
    expect(deriveSeed(1, 'a', 'b')).not.toBe(deriveSeed(1, 'b', 'a'));
  });
});
