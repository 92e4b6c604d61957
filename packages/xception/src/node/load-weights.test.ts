import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { portable } from '@xcp/layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import keras from '../../fixtures/weights/keras.json';
import { exportSafetensors, xception } from '../index';
import { loadWeights, pretrained } from '../node';
import { expectLogits, fill, fixture, logitsOf, numbersOf, small } from '../weights/test-tools';
import { type ImagenetFiles, loadFrom } from './imagenet';

const h5 = fixture('keras-weights.h5.gz');
let folder: string;
let model: tfl.LayersModel;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-weights-'));
  model = xception(small);
});
afterEach(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, bytes: Uint8Array | string): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, bytes);
  return whole;
}

/** A checkpoint as the trainer writes it, of a model filled with a seed; gives the model's numbers. */
async function writeCheckpoint(step: number, seed: number): Promise<number[]> {
  const trained = xception(small);
  fill(trained, seed);
  const bytes = await exportSafetensors(trained);
  const numbers = numbersOf(trained);
  trained.dispose();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const name = `run/checkpoints/step-${String(step).padStart(7, '0')}`;
  write(`${name}/weights.safetensors`, bytes);
  const files = { 'weights.safetensors': { size: bytes.length, sha256 } };
  write(`${name}/manifest.json`, JSON.stringify({ format: 1, files }));
  return numbers;
}

/** A TensorFlow.js layers model with its weights in two shards; gives the model's numbers. */
async function writeModel(path: string, seed: number): Promise<number[]> {
  const trained = xception(small);
  fill(trained, seed);
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const bytes = new Uint8Array(artifacts.weightData as ArrayBuffer);
    write(join(path, 'a.bin'), bytes.subarray(0, 1001));
    write(join(path, 'b.bin'), bytes.subarray(1001));
    const weightsManifest = [{ paths: ['a.bin', 'b.bin'], weights: artifacts.weightSpecs }];
    write(
      join(path, 'model.json'),
      JSON.stringify({ modelTopology: artifacts.modelTopology, weightsManifest }),
    );
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await trained.save(portable(handler));
  const numbers = numbersOf(trained);
  trained.dispose();
  return numbers;
}

describe('weights from a path', () => {
  it.each([
    ['keras.h5', h5],
    ['keras.keras', fixture('keras.keras.gz')],
  ])('are those of %s', async (name, bytes) => {
    const path = write(name, bytes);
    expect(await loadWeights(model, path)).toMatchObject({ path, names: 'keras', replaced: [] });
    expectLogits(logitsOf(model), keras.logits);
  });

  it('are those of a model.json and its shards, or of its folder', async () => {
    const numbers = await writeModel('web', 2);
    for (const path of [join(folder, 'web'), join(folder, 'web', 'model.json')]) {
      fill(model, 0);
      const before = tf.memory().numTensors;
      expect(await loadWeights(model, path)).toMatchObject({
        format: 'tfjs',
        path: join(folder, 'web', 'model.json'),
      });
      expect(tf.memory().numTensors).toBe(before);
      expect(numbersOf(model)).toEqual(numbers);
    }
  });

  it("are those of a run's newest whole checkpoint, and of its model once there is one", async () => {
    await writeCheckpoint(9, 1);
    const newest = await writeCheckpoint(100, 2);
    await writeCheckpoint(1000, 3);
    const run = join(folder, 'run');
    truncateSync(join(run, 'checkpoints/step-0001000/weights.safetensors'), 100);
    for (const path of [run, join(run, 'checkpoints'), join(run, 'checkpoints/step-0000100')]) {
      fill(model, 0);
      const report = await loadWeights(model, path);
      expect(report.path).toBe(join(run, 'checkpoints/step-0000100/weights.safetensors'));
      expect(report.warnings).toEqual(
        path.endsWith('100')
          ? []
          : [expect.stringMatching(/^passed over: .*step-0001000 must be whole \(SHA-256/)],
      );
      expect(numbersOf(model)).toEqual(newest);
    }
    const best = await writeModel('run/model', 4);
    expect((await loadWeights(model, run)).path).toBe(join(run, 'model/model.json'));
    expect(numbersOf(model)).toEqual(best);
  });

  it('are refused where there are none, or damaged ones', async () => {
    await writeCheckpoint(5, 1);
    await writeModel('web', 1);
    const weights = join(folder, 'run/checkpoints/step-0000005/weights.safetensors');
    const before = numbersOf(model);
    truncateSync(weights, 100);
    truncateSync(join(folder, 'web/b.bin'), 100);
    write('odd.json', '{}');
    write('empty/readme.txt', '');
    write('bad.h5', 'not HDF5');
    for (const [name, message] of [
      ['nowhere.h5', /a file or folder that is there, received '.*nowhere\.h5'/],
      ['run', /must be whole, and none is:\n {2}passed over: .*step-0000005/],
      ['run/checkpoints/step-0000005', /the checkpoint .*step-0000005 must be whole \(SHA-256 must be/],
      ['web', /must hold \d+ bytes of weights, received 1101/],
      ['odd.json', /\.json must describe a whole TensorFlow\.js layers model.*no `modelTopology`/],
      ['empty', /which holds no weights/],
      ['bad.h5', /begin with 6e 6f 74 20.*\nThe weights are those of .*bad\.h5/],
    ] as [string, RegExp][]) {
      await expect(loadWeights(model, join(folder, name)), name).rejects.toThrow(message);
    }
    expect(numbersOf(model)).toEqual(before);
  });
});

describe('ImageNet weights', () => {
  const md5 = createHash('md5').update(h5).digest('hex');
  const file = (name: string) => ({ url: `https://example.org/${name}`, name, size: h5.length, md5 });
  const files: ImagenetFiles = { top: file('top.h5'), noTop: file('notop.h5') };
  const asked: string[] = [];
  const fetch = async (url: unknown) => {
    asked.push(String(url));
    return new Response(h5.slice());
  };

  it('are fetched with a classifier for 1000 classes alone', async () => {
    const report = await loadFrom(files, model, { cacheDir: folder, fetch });
    expect(report).toMatchObject({ path: join(folder, 'notop.h5'), names: 'keras' });
    const wide = xception({ ...small, classes: 1000 });
    const { replaced } = await loadFrom(files, wide, { cacheDir: folder, fetch });
    expect(replaced).toEqual(['predictions/kernel', 'predictions/bias']);
    expect(asked).toEqual(['https://example.org/notop.h5', 'https://example.org/top.h5']);
    wide.dispose();
  });

  it('reject options that are not known', async () => {
    await expect(loadFrom(files, model, { cachedir: folder } as object)).rejects.toThrow(
      'loadImagenetWeights: unknown key `cachedir`; did you mean `cacheDir`?',
    );
  });
});

describe('pretrained', () => {
  it('builds a network with weights, or leaves nothing behind', async () => {
    const path = write('keras.h5', h5);
    const built = await pretrained({ ...small, weights: path });
    expectLogits(logitsOf(built.model), keras.logits);
    expect(built.report.loaded).toHaveLength(model.weights.length);
    built.model.dispose();
    const before = tf.memory().numTensors;
    await expect(pretrained({ ...small, middleBlocks: 2, weights: path })).rejects.toThrow('missing');
    expect(tf.memory().numTensors).toBe(before);
  });
});
