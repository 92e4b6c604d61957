import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from './evaluate';
import { type SyncSource, tinyModel, tinySource } from './fixtures/tiny';

beforeAll(() => tf.setBackend('cpu'));

const data = tinySource({ size: 7, batchSize: 3, shuffle: false });

/** Logits of every image, one at a time. */
function logitsOneByOne(model: tfl.LayersModel, source: SyncSource, mirror: boolean) {
  return [...source.batches(0, 0)].flatMap(({ images, labels }) =>
    [...labels].map((label, n) => {
      const image = images.slice(16 * n, 16 * (n + 1));
      const flipped = image.map((_, i) => image[4 * Math.floor(i / 4) + 3 - (i % 4)]!);
      const logits = (mirror ? [image, flipped] : [image]).map((pixels) =>
        tf.tidy(
          () => (model.predict(tf.tensor4d(pixels, [1, 4, 4, 1])) as tf.Tensor).arraySync() as number[][],
        ),
      );
      const mean = logits[0]![0]!.map(
        (_, k) => logits.reduce((sum, [row]) => sum + row![k]!, 0) / logits.length,
      );
      return { label, logits: mean };
    }),
  );
}

describe('evaluate', () => {
  it.each([false, true])('counts every image once, as one by one (mirror: %s)', async (mirror) => {
    const model = tinyModel();
    const expected = logitsOneByOne(model, data, mirror);
    const tensors = tf.memory().numTensors;
    const progress: number[] = [];
    const classes = ['cat', 'dog', 'frog'];
    const result = await evaluate({
      model,
      data,
      classes,
      mirror,
      onProgress: ({ count }) => progress.push(count),
    });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(progress).toEqual([3, 6, 7]);
    expect(result.count).toBe(7);

    const confusion = [0, 1, 2].map(() => [0, 0, 0]);
    let loss = 0;
    for (const { label, logits } of expected) {
      confusion[label]![logits.indexOf(Math.max(...logits))]!++;
      loss += Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[label]!;
    }
    expect(result.confusion).toEqual(confusion);
    expect(result.loss).toBeCloseTo(loss / 7, 5);
    const correct = confusion.reduce((sum, row, k) => sum + row[k]!, 0);
    expect(result.accuracy).toBe(correct / 7);
    expect(result.perClass).toEqual(
      classes.map((name, label) => {
        const total = label === 0 ? 3 : 2;
        const hits = confusion[label]![label]!;
        return { label, name, correct: hits, total, accuracy: hits / total };
      }),
    );
  });

  it('leaves batch norm as it was', async () => {
    const model = tinyModel();
    const before = model.getWeights().map((weight) => [...weight.dataSync()]);
    await evaluate({ model, data });
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before);
  });

  it('numbers the classes that have no names', async () => {
    const { perClass } = await evaluate({ model: tinyModel(), data });
    expect(perClass.map(({ name }) => name)).toEqual(['0', '1', '2']);
  });

  it('refuses wrong names and a source that is not as large as it says', async () => {
    const model = tinyModel();
    await expect(evaluate({ model, data, classes: ['a'] })).rejects.toThrow(
      'evaluate: `classes` must name the model\'s 3 classes, received ["a"]',
    );
    await expect(evaluate({ model, data: { ...data, size: 8 } })).rejects.toThrow(
      'evaluate: `data` must give its 8 images once, received 7',
    );
  });

  it('stops with the reason of the signal', async () => {
    const controller = new AbortController();
    const tensors = tf.memory().numTensors;
    const onProgress = () => controller.abort(new Error('enough'));
    const model = tinyModel();
    const own = tf.memory().numTensors - tensors;
    await expect(evaluate({ model, data, onProgress, signal: controller.signal })).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(tensors + own);
  });

  it('refuses images that are mixed', async () => {
    const mixed = { labels: Int32Array.of(0, 0, 0), shares: Float32Array.of(1, 1, 1) };
    const batches = function* () {
      for (const batch of data.batches(0, 0)) yield { ...batch, mixed };
    };
    const before = tf.memory().numTensors;
    const model = tinyModel();
    await expect(evaluate({ model, data: { ...data, batches } })).rejects.toThrow('received mixed ones');
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
