import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from '../../fixtures/cifar10/images.json';
import { cifar10, cifar10Weights } from '../cifar10';
import { loadWeights as loadBytes, preprocessInput, xception } from '../index';
import { loadWeights, pretrained } from '../node';

beforeAll(() => tf.setBackend('cpu'));

const data = new Uint8Array(Buffer.from(fixture.pixels, 'base64'));
const shape = [fixture.labels.length, cifar10.size, cifar10.size, 3];

/** How many of the first images of the test set a model takes for what they are. */
function correct(model: tfl.LayersModel): number {
  return tf.tidy(() => {
    const logits = model.predict(preprocessInput({ data, shape }, cifar10.normalize)) as tf.Tensor2D;
    const classes = tf.argMax(logits, -1).dataSync();
    return fixture.labels.filter((label, i) => classes[i] === label).length;
  });
}

describe("the weights 'cifar10'", () => {
  it('tell what is in images, built by their name alone', async () => {
    const { model, report } = await pretrained({ weights: 'cifar10' });
    expect(report).toMatchObject({ replaced: [], warnings: [] });
    expect(cifar10.classes[fixture.labels[0]!]).toBe('cat');
    expect(correct(model)).toBeGreaterThanOrEqual(18);
    model.dispose();
  });

  it('tell the same as bytes, as a browser gets them', async () => {
    const model = xception(cifar10.network);
    await loadBytes(model, await readFile(fileURLToPath(cifar10Weights)));
    expect(correct(model)).toBeGreaterThanOrEqual(18);
    model.dispose();
  });

  it('begin a network of other classes, which keeps its own classifier', async () => {
    const { model, report } = await pretrained({ weights: 'cifar10', classes: 3, dropout: 0.5 });
    expect(model.outputs[0]!.shape).toEqual([null, 3]);
    expect(report.replaced).toEqual(['predictions/kernel', 'predictions/bias']);
    model.dispose();
  });

  it('refuse another network', async () => {
    const model = xception({ ...cifar10.network, entryFilters: [8, 16] });
    await expect(loadWeights(model, 'cifar10')).rejects.toThrow('block2');
    model.dispose();
  });
});
