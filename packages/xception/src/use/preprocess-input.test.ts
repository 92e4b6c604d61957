import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PreprocessOptions, preprocessInput } from '../index';

beforeAll(() => tf.setBackend('cpu'));

const bytes = Uint8Array.from([0, 51, 255, 127, 128, 200]);

describe('preprocessInput', () => {
  it('scales 0…255 to −1…1', () => {
    const y = preprocessInput({ data: bytes, shape: [1, 2, 3] });
    expect(y.shape).toEqual([1, 2, 3]);
    expect(y.dtype).toBe('float32');
    Array.from(y.dataSync()).forEach((value, i) => {
      expect(value).toBeCloseTo(bytes[i]! / 127.5 - 1, 6);
    });
    expect(y.dataSync()[0]).toBe(-1);
    expect(y.dataSync()[2]).toBe(1);
  });

  it('normalizes with the mean and standard deviation of each channel', () => {
    const [mean, std] = [
      [0.1, 0.2, 0.3],
      [0.5, 0.25, 2],
    ];
    const y = preprocessInput({ data: bytes, shape: [1, 1, 2, 3] }, { mean, std });
    expect(y.shape).toEqual([1, 1, 2, 3]);
    Array.from(y.dataSync()).forEach((value, i) => {
      expect(value).toBeCloseTo((bytes[i]! / 255 - mean![i % 3]!) / std![i % 3]!, 5);
    });
  });

  it('takes tensors of bytes and of floats, leaves them, and makes one tensor', () => {
    const expected = preprocessInput({ data: bytes, shape: [1, 2, 3] }).dataSync();
    for (const dtype of ['int32', 'float32'] as const) {
      const images = tf.tensor3d(Array.from(bytes), [1, 2, 3], dtype);
      const before = tf.memory().numTensors;
      const y = preprocessInput(images);
      expect(tf.memory().numTensors).toBe(before + 1);
      expect(y.dataSync()).toEqual(expected);
      expect(Array.from(images.dataSync())).toEqual(Array.from(bytes));
    }
  });

  it.each([
    [
      { data: bytes, shape: [2, 3] },
      {},
      '`images` must be [height, width, channels] or [images, height, width, channels], received [2,3]',
    ],
    [{ data: bytes, shape: [2, 2, 3] }, {}, '`data` must have the 12 values of [2,2,3], received 6'],
    [
      { data: bytes, shape: [1, 2, 3] },
      { mean: [0, 0, 0] },
      '`std` must be 3 numbers, one per channel, received undefined',
    ],
    [
      { data: bytes, shape: [1, 2, 3] },
      { mean: [0], std: [1] },
      '`mean` must be 3 numbers, one per channel, received [0]',
    ],
    [
      { data: bytes, shape: [1, 2, 3] },
      { mean: [0, 0, 0], std: [1, 0, 1] },
      '`std` must be positive, received [1,0,1]',
    ],
    [{ data: bytes, shape: [1, 2, 3] }, { means: [0] }, 'unknown key `means`; did you mean `mean`?'],
  ])('rejects %j with %j', (images, options, message) => {
    const before = tf.memory().numTensors;
    expect(() => preprocessInput(images, options as PreprocessOptions)).toThrow(
      `preprocessInput: ${message}`,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
