import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from './evaluate';
import { type SyncSource, tinyModel, tinySource } from './fixtures/tiny';
import type { Views } from './views';

beforeAll(() => tf.setBackend('cpu'));

const data = tinySource({ size: 7, batchSize: 3, shuffle: false });

type Pixels = (row: number, column: number) => number;

/** An image of 4×4, moved; what comes in from beyond the edge is mirrored there, or 0. */
function moved(image: Pixels, down: number, right: number, fill: Views['fill']): Pixels {
  const inside = (i: number) => (i < 0 ? -i : i > 3 ? 6 - i : i);
  return (row, column) => {
    const [r, c] = [row - down, column - right];
    const beyond = r !== inside(r) || c !== inside(c);
    return beyond && fill === 'zero' ? 0 : image(inside(r), inside(c));
  };
}

/** The views of an image with what each counts, one by one. */
function naiveViews(image: Pixels, { mirror = false, shift = 0, fill = 'reflect' }: Views) {
  const moves = [
    [shift, 0],
    [-shift, 0],
    [0, shift],
    [0, -shift],
  ] as const;
  const views: [Pixels, number][] =
    shift === 0
      ? [[image, 1]]
      : [
          [image, 0.5],
          ...moves.map(([down, right]): [Pixels, number] => [moved(image, down, right, fill), 0.125]),
        ];
  if (!mirror) return views;
  return views.flatMap(([view, weight]): [Pixels, number][] => [
    [view, weight / 2],
    [(row, column) => view(row, 3 - column), weight / 2],
  ]);
}

/** Logits of every image, one at a time. */
function logitsOneByOne(model: tfl.LayersModel, source: SyncSource, views: Views) {
  return [...source.batches(0, 0)].flatMap(({ images, labels }) =>
    [...labels].map((label, n) => {
      const image: Pixels = (row, column) => images[16 * n + 4 * row + column]!;
      const weighted = naiveViews(image, views).map(([view, weight]) => {
        const pixels = Float32Array.from({ length: 16 }, (_, i) => view(Math.floor(i / 4), i % 4));
        const [row] = tf.tidy(
          () => (model.predict(tf.tensor4d(pixels, [1, 4, 4, 1])) as tf.Tensor).arraySync() as number[][],
        );
        return row!.map((logit) => logit * weight);
      });
      return { label, logits: weighted[0]!.map((_, k) => weighted.reduce((sum, row) => sum + row[k]!, 0)) };
    }),
  );
}

describe('evaluate', () => {
  it.each<Views>([
    {},
    { mirror: true },
    { shift: 1 },
    { shift: 1, fill: 'zero' },
    { mirror: true, shift: 3 },
    { mirror: true, shift: 2, fill: 'zero' },
  ])('counts every image once, as one by one: %j', async (views) => {
    const model = tinyModel();
    const expected = logitsOneByOne(model, data, views);
    const tensors = tf.memory().numTensors;
    const progress: number[] = [];
    const classes = ['cat', 'dog', 'frog'];
    const result = await evaluate({
      model,
      data,
      classes,
      views,
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

  it('tells how often the label is among the five highest logits, of equal ones the first', async () => {
    const logits = [
      [9, 8, 7, 6, 5, 4, 3],
      [1, 1, 1, 1, 1, 1, 1],
      [-1, -2, -3, -4, -5, -6, -0.5],
      [5, 5, 5, 0, 5, 5, 5],
    ];
    // The logits are the first pixels of an image.
    const identity = tf.pad(tf.eye(7, 7), [
      [0, 9],
      [0, 0],
    ]) as tf.Tensor2D;
    const dense = tfl.layers.dense({ units: 7, useBias: false, weights: [identity] });
    const model = tfl.sequential({ layers: [tfl.layers.flatten({ inputShape: [4, 4, 1] }), dense] });
    const inTop5 = (row: number[], label: number) =>
      row
        .map((logit, k) => ({ logit, k }))
        .sort((a, b) => b.logit - a.logit || a.k - b.k)
        .slice(0, 5)
        .some(({ k }) => k === label);
    for (let label = 0; label < 7; label++) {
      const images = Float32Array.from(logits.flatMap((row) => [...row, ...new Array(9).fill(0)]));
      const labels = new Int32Array(4).fill(label);
      const batches = () => [{ images, labels, shape: [4, 4, 4, 1] as const }];
      const { top5Accuracy } = await evaluate({ model, data: { size: 4, stepsPerEpoch: 1, batches } });
      expect(top5Accuracy).toBe(logits.filter((row) => inTop5(row, label)).length / 4);
    }
    const five = tfl.sequential({
      layers: [tfl.layers.flatten({ inputShape: [4, 4, 1] }), tfl.layers.dense({ units: 5 })],
    });
    expect((await evaluate({ model: five, data })).top5Accuracy).toBeNull();
  });

  it('tells what it said of every image, in the order of the data, in parts as in whole batches', async () => {
    const model = tinyModel();
    for (const microBatchSize of [null, 2]) {
      const told: { label: number; prediction: number; probability: number; pixel: number }[] = [];
      const { confusion } = await evaluate({
        model,
        data,
        microBatchSize,
        onJudged: ({ images, labels, predictions, probabilities }) =>
          labels.forEach((label, i) => {
            const [prediction, probability] = [predictions[i]!, probabilities[i]!];
            told.push({ label, prediction, probability, pixel: images[16 * i]! });
          }),
      });
      const expected = [...data.batches(0, 0)].flatMap(({ images, labels, shape }) =>
        tf.tidy(() => {
          const chances = tf.softmax(model.predict(tf.tensor4d(images, [...shape])) as tf.Tensor2D);
          const rows = chances.arraySync() as number[][];
          return rows.map((row, i) => ({ label: labels[i]!, row, pixel: images[16 * i]! }));
        }),
      );
      expect(told).toHaveLength(7);
      told.forEach(({ label, prediction, probability, pixel }, i) => {
        expect({ label, pixel }).toEqual({ label: expected[i]!.label, pixel: expected[i]!.pixel });
        expect(probability).toBeCloseTo(Math.max(...expected[i]!.row), 6);
        expect(expected[i]!.row[prediction]).toBeCloseTo(probability, 6);
      });
      const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
      expect(right).toBe(told.filter(({ label, prediction }) => label === prediction).length);
    }
  });

  it('refuses views that are none', async () => {
    const run = (views: Views) => evaluate({ model: tinyModel(), data, views });
    await expect(run({ shift: 4 })).rejects.toThrow(
      'evaluate: `views.shift` must be at most 3 for images of 4×4, received 4',
    );
    await expect(run({ shift: -1 })).rejects.toThrow(
      '`shift` must be a whole number, at least 0, received -1',
    );
    await expect(run({ fill: 'edge' as never })).rejects.toThrow(
      "`fill` must be one of 'reflect', 'zero', received 'edge'",
    );
    await expect(run({ mirrored: true } as Views)).rejects.toThrow('did you mean `mirror`?');
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
