import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { encodeSafetensors } from '@xcp/safetensors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bits, weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { type TrainResult, train } from '../train';
import { modelWeights } from '../weights';
import { exportModel } from './export-model';
import { fileStore } from './file-store';
import { readInit } from './read-init';

let folder: string;
let result: TrainResult;
let last: Record<string, string>;
const at = (...path: string[]) => join(folder, ...path);

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await fs.mkdtemp(join(tmpdir(), 'init-'));
  const model = tinyModel();
  const validationData = tinySource({ size: 6, shuffle: false });
  const schedule = { name: 'constant', learningRate: 1e-6 } as const;
  result = await train({
    model,
    trainData: tinySource(),
    validationData,
    config: { epochs: 3, schedule },
    store: fileStore(at('run', 'checkpoints'), { keepLast: 3 }),
  });
  last = await weightBits(model);
  await exportModel(model, at('run', 'model'));
  await fs.mkdir(at('empty'));
  await fs.writeFile(at('weights.safetensors'), encodeSafetensors(await modelWeights(model)));
});
afterAll(() => fs.rm(folder, { recursive: true }));

describe('readInit', () => {
  it('takes the best checkpoint of a run, or the one that is named', async () => {
    const { step } = result.best!;
    expect(step).toBeLessThan(9);
    const best = await readInit(at('run'));
    expect(best.step).toBe(step);
    expect(best.source).toMatchObject({
      kind: 'checkpoint',
      path: at('run', 'checkpoints', `step-000000${step}`),
    });
    expect(bits(best.weights)).not.toEqual(last);
    expect(Object.keys(best.optimizer!)).toContain('conv/kernel/velocity');
    const named = await readInit(at('run'), { name: 'step-0000009' });
    expect(named.step).toBe(9);
    expect(bits(named.weights)).toEqual(last);
    expect((await readInit(at('run', 'checkpoints'))).step).toBe(step);
    expect((await readInit(at('run', 'checkpoints', 'step-0000006'))).step).toBe(6);
    const manifest = JSON.parse(
      await fs.readFile(at('run', 'checkpoints', 'step-0000009', 'manifest.json'), 'utf8'),
    );
    expect(named.source.sha256).toBe(manifest.files['weights.safetensors'].sha256);
  });

  it('takes an exported model and a file, without steps and slots', async () => {
    const none = { step: null, optimizer: null };
    const model = await readInit(at('run', 'model'));
    expect(model).toMatchObject({ ...none, source: { kind: 'model' } });
    expect(bits(model.weights)).toEqual(last);
    const file = await readInit(at('weights.safetensors'));
    expect(file).toMatchObject({ ...none, source: { kind: 'safetensors' } });
    expect(bits(file.weights)).toEqual(last);
    await fs.cp(at('run', 'model'), at('exported', 'model'), { recursive: true });
    expect((await readInit(at('exported'))).source).toMatchObject({ path: at('exported', 'model') });
  });

  it('gives what train begins with', async () => {
    const model = tinyModel();
    const config = { epochs: 1, schedule: { name: 'constant', learningRate: 1e-30 } } as const;
    let first = {};
    const onTrainBegin = async () => {
      first = await weightBits(model);
    };
    const init = await readInit(at('run'), { name: 'step-0000009' });
    await train({ model, trainData: tinySource(), config, init, callbacks: [{ onTrainBegin }] });
    expect(first).toEqual(last);
  });

  it.each([
    ['nowhere', {}, 'ENOENT'],
    ['empty', {}, 'it holds no valid checkpoint and no model'],
    ['run', { name: 'step-0000001' }, 'manifest.json is missing'],
    ['run/model', { name: 'step-0000003' }, "of which 'step-0000003' cannot be chosen"],
    ['run/checkpoints/step-0000003/state.json', {}, 'safetensors'],
  ])('refuses %s %j', async (path, options, message) => {
    const attempt = readInit(at(path), options);
    await expect(attempt).rejects.toThrow(`readInit: \`path\` must be a run, its checkpoints, a checkpoint`);
    await expect(attempt).rejects.toThrow(message);
  });
});
