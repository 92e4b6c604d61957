import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BatchSource } from './batch';
import { weightBits } from './fixtures/exact';
import { tinyModel, tinySource } from './fixtures/tiny';
import { learningRateRangeTest, type RangeTestOptions } from './range-test';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const test = ({ model = tinyModel(), ...options }: Partial<RangeTestOptions> = {}) =>
  learningRateRangeTest({ model, trainData, steps: 40, ...options });

describe('learningRateRangeTest', () => {
  it('raises the rate exponentially, and suggests rates within what it saw', async () => {
    // One batch again and again, whose loss has no noise.
    const still = tinySource({ size: 12, batchSize: 12, shuffle: false });
    const { points, suggestions } = await test({ maxLearningRate: 1, trainData: still });
    expect(points[0]!.learningRate).toBe(1e-5);
    points.slice(1).forEach(({ learningRate }, i) => {
      expect(learningRate / points[i]!.learningRate).toBeCloseTo(1e5 ** (1 / 39), 9);
    });
    expect(points.at(-1)!.learningRate).toBeCloseTo(1, 12);
    const { steepest, minimum } = suggestions!;
    expect(steepest.learningRate).toBeGreaterThan(1e-3);
    expect(steepest.learningRate).toBeLessThan(1);
    expect(minimum.learningRate).toBeGreaterThan(1e-3);
    expect(minimum.reason).toContain('a tenth of the rate');
  });

  it('leaves weights and tensors as they were, to the bit', async () => {
    const model = tinyModel();
    const before = await weightBits(model);
    const { numTensors } = tf.memory();
    await test({ model });
    expect(await weightBits(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('gives the weights back where it fails', async () => {
    const model = tinyModel();
    const before = await weightBits(model);
    const { numTensors } = tf.memory();
    const batches = function* () {
      yield* trainData.batches(0, 0);
      throw new Error('the disk is gone');
    };
    await expect(test({ model, trainData: { ...trainData, batches } })).rejects.toThrow('the disk is gone');
    expect(await weightBits(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('stops where the loss diverges, sooner with a smaller limit', async () => {
    const wild = { minLearningRate: 0.01, maxLearningRate: 1e4, smoothing: 0 };
    const far = await test({ ...wild, divergence: 1e3 });
    const near = await test({ ...wild, divergence: 1.5 });
    expect([far.stopped, near.stopped]).toEqual(['diverged', 'diverged']);
    expect(near.points.length).toBeLessThan(far.points.length);
    expect(far.points.length).toBeLessThan(40);
    for (const { loss } of far.points) expect(Number.isFinite(loss)).toBe(true);
  });

  it('smooths the loss, from the first step on', async () => {
    const { points } = await test({ smoothing: 0.5, maxLearningRate: 0.1 });
    const [first, second] = points;
    expect(first!.smoothedLoss).toBeCloseTo(first!.loss, 12);
    expect(second!.smoothedLoss).toBeCloseTo((first!.loss + 2 * second!.loss) / 3, 12);
    const rough = await test({ smoothing: 0, maxLearningRate: 0.1 });
    expect(rough.points.map(({ smoothedLoss }) => smoothedLoss)).toEqual(
      rough.points.map(({ loss }) => loss),
    );
  });

  it('trains as it is told: with the optimizer, the label smoothing and the data', async () => {
    const last = async (options: Partial<RangeTestOptions>) =>
      (await test({ maxLearningRate: 0.1, ...options })).points.map(({ loss }) => loss).join();
    const plain = await last({});
    expect(await last({ optimizer: { name: 'sgd' } })).toBe(plain);
    expect(await last({ optimizer: { name: 'adam' } })).not.toBe(plain);
    expect(await last({ labelSmoothing: 0.2 })).not.toBe(plain);
    expect(await last({ trainData: tinySource({ size: 9 }) })).not.toBe(plain);
  });

  it('tells of every step, and stops when it is aborted', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onStep = ({ step }: { step: number }) => {
      seen.push(step);
      if (step === 3) controller.abort();
    };
    const { points, stopped } = await test({ onStep, signal: controller.signal });
    expect(stopped).toBe('aborted');
    expect(points.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(seen).toEqual([1, 2, 3]);
  });

  it.each([
    [{ steps: 5 }, 'learningRateRangeTest: `steps` must be a whole number, at least 10, received 5'],
    [{ minLearningRate: 0 }, '`minLearningRate` must be a number, greater than 0, received 0'],
    [
      { maxLearningRate: 1e-6 },
      '`maxLearningRate` must be a number, greater than 0.00001, received 0.000001',
    ],
    [{ smoothing: 1 }, '`smoothing` must be a number, at least 0 and less than 1, received 1'],
    [{ divergence: 1 }, '`divergence` must be a number, greater than 1, received 1'],
    [{ stepps: 50 }, '`stepps` is not a known key; did you mean `steps`?'],
    [
      { trainData: { size: 1, stepsPerEpoch: 1, batches: () => [] } satisfies BatchSource },
      'received none in epoch 0',
    ],
  ])('refuses %j', async (options, message) => {
    await expect(test(options as Partial<RangeTestOptions>)).rejects.toThrow(message);
  });
});
