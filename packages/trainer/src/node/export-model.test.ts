import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { weightBits } from '../fixtures/exact';
import { tinyModel } from '../fixtures/tiny';
import { loadWeights, modelWeights } from '../weights';
import { exportModel } from './export-model';
import { loadModel } from './load-model';

let parent: string;
let directory: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'model-'));
  directory = join(parent, 'model');
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('exportModel and loadModel', () => {
  it('give back a model with the same weights and answers', async () => {
    const model = tinyModel();
    await exportModel(model, directory);
    expect(readdirSync(directory).sort()).toEqual(['model.json', 'weights.bin']);
    const loaded = await loadModel(directory);
    expect(await weightBits(loaded)).toEqual(await weightBits(model));
    const answers = [model, loaded].map((m) =>
      tf.tidy(() => (m.predict(tf.ones([1, 4, 4, 1])) as tf.Tensor).dataSync()),
    );
    expect(answers[1]).toEqual(answers[0]);
  });

  it('saves what the wrapper makes of the model', async () => {
    await exportModel(tinyModel(), directory, (handler) => ({
      save: (artifacts) => handler.save!({ ...artifacts, generatedBy: 'a test' }),
    }));
    const { generatedBy } = JSON.parse(readFileSync(join(directory, 'model.json'), 'utf8'));
    expect(generatedBy).toBe('a test');
  });

  it("writes what TensorFlow.js's own loader reads", async () => {
    await exportModel(tinyModel(), directory);
    const { modelTopology, weightsManifest, format } = JSON.parse(
      readFileSync(join(directory, 'model.json'), 'utf8'),
    ) as tf.io.ModelJSON;
    expect(format).toBe('layers-model');
    const { buffer } = new Uint8Array(readFileSync(join(directory, 'weights.bin')));
    const weightSpecs = weightsManifest[0]!.weights;
    const loaded = await tfl.loadLayersModel(
      tf.io.fromMemory({ modelTopology, weightSpecs, weightData: buffer }),
    );
    expect(loaded.weights.map(({ originalName }) => originalName)).toContain('bn/moving_variance');
  });

  it('replaces an earlier export and leaves nothing beside it', async () => {
    const model = tinyModel();
    await exportModel(model, directory);
    const weights = await modelWeights(model);
    weights['head/bias']!.data.fill(7);
    loadWeights(model, weights);
    await exportModel(model, directory);
    expect(await weightBits(await loadModel(directory))).toEqual(await weightBits(model));
    expect(readdirSync(parent)).toEqual(['model']);
  });

  it('replaces nothing else', async () => {
    writeFileSync(join(parent, 'thesis.txt'), 'years of work');
    await expect(exportModel(tinyModel(), parent)).rejects.toThrow(
      "which holds 'thesis.txt'; name another folder",
    );
    const file = join(parent, 'thesis.txt');
    await expect(exportModel(tinyModel(), file)).rejects.toThrow('ENOTDIR');
    await expect(exportModel(tinyModel(), join(file, 'model'))).rejects.toThrow('ENOTDIR');
    expect(readFileSync(file, 'utf8')).toBe('years of work');
    expect(readdirSync(parent)).toEqual(['thesis.txt']);
  });

  it('says what is wrong with a folder it cannot load', async () => {
    await expect(loadModel(directory)).rejects.toThrow('must hold a whole exported model');
    await exportModel(tinyModel(), directory);
    truncateSync(join(directory, 'weights.bin'), 100);
    await expect(loadModel(directory)).rejects.toThrow(/weights\.bin must have \d+ bytes, received 100/);
    await exportModel(tinyModel(), directory);
    const path = join(directory, 'model.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"Conv2D"', '"Conv5D"'));
    await expect(loadModel(directory)).rejects.toThrow(/Conv5D.*import the package that defines the layer/s);
  });
});
