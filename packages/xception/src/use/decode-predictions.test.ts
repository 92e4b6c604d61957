import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DecodeOptions, decodePredictions, IMAGENET_CLASSES } from '../index';

beforeAll(() => tf.setBackend('cpu'));

describe('IMAGENET_CLASSES', () => {
  it('written as Python writes JSON are the file that Keras downloads', () => {
    const entries = IMAGENET_CLASSES.map(({ id, name }, i) => `"${i}": ["${id}", "${name}"]`);
    const md5 = createHash('md5')
      .update(`{${entries.join(', ')}}`)
      .digest('hex');
    // In keras/src/applications/imagenet_utils.py beside CLASS_INDEX_PATH.
    expect(md5).toBe('c2c37ea517e94d9795004a39431a14cb');
  });
});

describe('decodePredictions', () => {
  it('gives the best classes of each image, with the softmax of their logits', async () => {
    const logits = tf.tensor2d([
      [1, 3, 2],
      [0, -1, 5],
    ]);
    const before = tf.memory().numTensors;
    const decoded = await decodePredictions(logits, { top: 2, classes: ['cat', 'dog', 'frog'] });
    expect(tf.memory().numTensors).toBe(before);
    expect(decoded.map((image) => image.map(({ index, name }) => [index, name]))).toEqual([
      [
        [1, 'dog'],
        [2, 'frog'],
      ],
      [
        [2, 'frog'],
        [0, 'cat'],
      ],
    ]);
    const sum = Math.exp(1) + Math.exp(3) + Math.exp(2);
    expect(decoded[0]![0]!.score).toBeCloseTo(Math.exp(3) / sum, 6);
    expect(decoded[0]![1]!.score).toBeCloseTo(Math.exp(2) / sum, 6);
  });

  it('names the classes of ImageNet, and takes probabilities as they are', async () => {
    const scores = new Float32Array(1000);
    scores[281] = 0.7;
    scores[999] = 0.2;
    const [best] = await decodePredictions(tf.tensor2d(scores, [1, 1000]), { fromLogits: false });
    expect(best).toHaveLength(5);
    expect(best![0]).toEqual({ index: 281, id: 'n02123045', name: 'tabby', score: Math.fround(0.7) });
    expect(best![1]).toMatchObject({ index: 999, id: 'n15075141', name: 'toilet_tissue' });
    // Equals come in the order of the classes.
    expect(best!.slice(2).map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it.each([
    [
      [1, 10],
      {},
      '`predictions` must be [batch, 1000], one score per class, received [1,10]; name the classes',
    ],
    [
      [3],
      { classes: ['a', 'b', 'c'] },
      '`predictions` must be [batch, 3], one score per class, received [3]',
    ],
    [[1, 1000], { top: 0 }, '`top` must be a positive integer, received 0'],
    [[1, 1000], { topk: 3 }, 'unknown key `topk`; did you mean `top`?'],
  ])('rejects scores of %j with %j', async (shape, options, message) => {
    const scores = tf.zeros(shape);
    const before = tf.memory().numTensors;
    await expect(decodePredictions(scores, options as DecodeOptions)).rejects.toThrow(
      `decodePredictions: ${message}`,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
