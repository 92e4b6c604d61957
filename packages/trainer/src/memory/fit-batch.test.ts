import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { weightBits } from '../fixtures/exact';
import { tinyModel } from '../fixtures/tiny';
import { type BatchTrial, type FitBatchOptions, fitBatch } from './fit-batch';
import { searchLargest } from './search-largest';

beforeAll(() => tf.setBackend('cpu'));

/** The tiny model on an engine that has room for so many images. */
function modelWithRoom(room: number): tfl.LayersModel {
  class Room extends tfl.layers.Layer {
    static readonly className = 'TestRoom';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      if (x.shape[0]! > room) throw new Error('OOM when allocating tensor');
      return x;
    }
  }
  const { layers } = tinyModel();
  return tfl.sequential({ layers: [...layers.slice(0, 3), new Room({}), ...layers.slice(3)] });
}

describe('fitBatch', () => {
  it('finds the largest batch, and leaves weights and statistics to the bit and no tensor', async () => {
    const model = modelWithRoom(11);
    const [before, tensors] = [await weightBits(model), tf.memory().numTensors];
    const trials: BatchTrial[] = [];
    const onTrial = (trial: BatchTrial) => void trials.push(trial);
    const result = await fitBatch({ model, maxBatchSize: 100, optimizer: { name: 'adamw' }, onTrial });
    expect(result.batchSize).toBe(11);
    expect(result.tried.map(({ batchSize, fits }) => [batchSize, fits])).toEqual([
      [1, true],
      [2, true],
      [4, true],
      [8, true],
      [16, false],
      [12, false],
      [10, true],
      [11, true],
    ]);
    expect(trials).toEqual(result.tried);
    // TensorFlow.js's cpu engine knows no peak.
    expect(result.peakBytes).toBeNull();
    expect(await weightBits(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('goes up to the most that is asked for', async () => {
    expect((await fitBatch({ model: modelWithRoom(1000), maxBatchSize: 24 })).batchSize).toBe(24);
  });

  it.each([
    ['right', 100, [11, 22, 16, 13, 12]],
    ['too high', 50, [23, 11, 17, 14, 12]],
    ['beyond all', 1, [64, 32, 16, 8, 12, 10, 11]],
  ])('begins where the estimate says, be it %s', async (_, bytes, sizes) => {
    const estimate = (batchSize: number) => bytes * batchSize;
    const options = { model: modelWithRoom(11), maxBatchSize: 64, estimate, memoryLimit: 1150 };
    const { batchSize, tried } = await fitBatch(options);
    expect(batchSize).toBe(11);
    expect(tried.map((trial) => trial.batchSize)).toEqual(sizes);
  });

  it('takes the input shape of a model that takes any', async () => {
    const layers = [
      tfl.layers.conv2d({ filters: 2, kernelSize: 1, inputShape: [null, null, 1] }),
      tfl.layers.globalAveragePooling2d({}),
      tfl.layers.dense({ units: 3 }),
    ];
    const model = tfl.sequential({ layers });
    await expect(fitBatch({ model, maxBatchSize: 2 })).rejects.toThrow(
      'as the model takes them, [null,null,1]',
    );
    expect((await fitBatch({ model, maxBatchSize: 2, inputShape: [5, 6, 1] })).batchSize).toBe(2);
  });

  it('finds a micro-batch by steps of two', async () => {
    const sizes: number[] = [];
    class Watch extends tfl.layers.Layer {
      static readonly className = 'TestWatchSize';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const x = Array.isArray(inputs) ? inputs[0]! : inputs;
        sizes.push(x.shape[0]!);
        return x;
      }
    }
    const { layers } = tinyModel();
    const model = tfl.sequential({ layers: [...layers.slice(0, 3), new Watch({}), ...layers.slice(3)] });
    sizes.length = 0;
    await fitBatch({ model, maxBatchSize: 1, accumulate: true });
    expect(sizes).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('throws the error of the engine if one image is too large, and of the signal, and of a step', async () => {
    const model = modelWithRoom(0);
    const before = await weightBits(model);
    await expect(fitBatch({ model, maxBatchSize: 4 })).rejects.toThrow('OOM when allocating tensor');
    const controller = new AbortController();
    const onTrial = () => controller.abort(new Error('enough'));
    const { signal } = controller;
    await expect(fitBatch({ model: tinyModel(), maxBatchSize: 4, onTrial, signal })).rejects.toThrow(
      'enough',
    );
    expect(await weightBits(model)).toEqual(before);
  });

  it.each<[Partial<FitBatchOptions>, string]>([
    [{ maxBatchSize: 0 }, 'fitBatch: `maxBatchSize` must be a whole number, at least 1, received 0'],
    [{ memoryLimit: 0 }, 'fitBatch: `memoryLimit` must be a number, greater than 0, received 0'],
    [
      { inputShape: [8, 8, 1] },
      '`inputShape` must be [height, width, channels] as the model takes them, [4,4,1]',
    ],
    [{ accumulate: 2 as never }, '`accumulate` must be true or false, received 2'],
    [{ maxBatchsize: 3 } as never, '`maxBatchsize` is not a known key; did you mean `maxBatchSize`?'],
  ])('refuses %j', async (wrong, message) => {
    await expect(fitBatch({ model: tinyModel(), maxBatchSize: 2, ...wrong })).rejects.toThrow(message);
  });
});

it('searches the largest number that fits, wherever it begins, with few questions', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), fc.nat(), fc.nat(), async (most, a, b) => {
      const [largest, first] = [a % (most + 1), 1 + (b % most)];
      const asked: number[] = [];
      const found = await searchLargest(first, most, async (size) => {
        asked.push(size);
        return size <= largest;
      });
      expect(found).toBe(largest);
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(most + 1)) + 2);
      expect(asked.every((size) => size >= 1 && size <= most)).toBe(true);
    }),
  );
});
