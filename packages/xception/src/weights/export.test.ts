import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { portable } from '@xcp/layers';
import { decodeSafetensors } from '@xcp/safetensors';
import { beforeAll, describe, expect, it } from 'vitest';
import pytorch from '../../fixtures/weights/pytorch.json';
import {
  exportKerasH5,
  exportSafetensors,
  loadWeights,
  type WeightSource,
  type XceptionConfig,
  xception,
  xceptionVariants,
} from '../index';
import { fill, fixture, numbersOf, small } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

/** The artifacts that a model saves. */
async function saved(model: tfl.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts = {};
  const handler = tf.io.withSaveHandler(async (given) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(portable(handler));
  return artifacts;
}

const formats: [string, string, (model: tfl.LayersModel) => Promise<WeightSource>][] = [
  ['safetensors with our names', 'xcp', (model) => exportSafetensors(model)],
  ["safetensors with Keras's names", 'keras', (model) => exportSafetensors(model, { names: 'keras' })],
  ["safetensors with timm's names", 'timm', (model) => exportSafetensors(model, { names: 'timm' })],
  ['a Keras weights file', 'keras', exportKerasH5],
  ['a TensorFlow.js layers model', 'xcp', saved],
  ['an IO handler', 'xcp', async (model) => tf.io.fromMemory(await saved(model))],
];

const variants: [string, XceptionConfig][] = [
  ['the network of the paper, narrow', { ...small, middleBlocks: 2 }],
  ['the slim one, narrow', { ...xceptionVariants.slim, width: 0.05, classes: 3 }],
  ['one with a shared middle flow', { ...small, middleFlow: 'shared', middleBlocks: 4 }],
  ['one with three final convolutions', { ...small, finalFilters: [8, 9, 10], entryFilters: [5, 6, 7] }],
];

describe('checkpointed blocks', () => {
  const config = { ...small, middleBlocks: 2 };
  it.each(formats)('give and take %s as the blocks alone do', async (_, __, write) => {
    const [plain, checkpointed] = [config, { ...config, checkpointBlocks: true }].map((c) => xception(c));
    const weightsOf = (model: tfl.LayersModel) =>
      Object.fromEntries(model.weights.map((w) => [w.originalName, Array.from(w.read().dataSync())]));
    fill(plain!, 1);
    await loadWeights(checkpointed!, await write(plain!));
    expect(weightsOf(checkpointed!)).toEqual(weightsOf(plain!));
    fill(checkpointed!, 2);
    await loadWeights(plain!, await write(checkpointed!));
    expect(weightsOf(plain!)).toEqual(weightsOf(checkpointed!));
    plain!.dispose();
    checkpointed!.dispose();
  });
});

describe.each(variants)('%s', (_, config) => {
  it.each(formats)('goes through %s to the bit', async (_, names, write) => {
    const model = xception(config);
    fill(model, 1);
    const before = tf.memory();
    const source = await write(model);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    const other = xception(config);
    const report = await loadWeights(other, source);
    expect(report).toMatchObject({ names, replaced: [], ignored: [] });
    expect(report.loaded).toEqual(
      model.layers.flatMap((l) => l.weights.map((w) => `${l.name}/${w.originalName.split('/').at(-1)}`)),
    );
    expect(numbersOf(other)).toEqual(numbersOf(model));
    model.dispose();
    other.dispose();
  });
});

describe('exportSafetensors', () => {
  it("has the names of timm's own network", async () => {
    const model = xception({ width: 0.02, inputShape: [71, 71, 3] });
    const bytes = await exportSafetensors(model, { names: 'timm', float: 'F16' });
    const { tensors, metadata } = decodeSafetensors(bytes);
    const expected = pytorch.keys.filter((name) => !name.endsWith('num_batches_tracked'));
    expect(Object.keys(tensors).toSorted()).toEqual(expected.toSorted());
    expect(metadata).toEqual({ format: 'pt' });
    model.dispose();
  });

  it('gives a file of PyTorch back to the bit', async () => {
    const model = xception(small);
    await loadWeights(model, fixture('pytorch.safetensors'));
    const given = decodeSafetensors(fixture('pytorch.safetensors')).tensors;
    const { tensors } = decodeSafetensors(await exportSafetensors(model, { names: 'timm' }));
    for (const name of Object.keys(given).filter((key) => key.endsWith('num_batches_tracked')))
      delete given[name];
    expect(tensors).toEqual(given);
    model.dispose();
  });

  it('names the shortcuts as Keras does', async () => {
    const model = xception(small);
    const { tensors } = decodeSafetensors(await exportSafetensors(model, { names: 'keras' }));
    const shortcuts = Object.keys(tensors).filter((name) => !/^(block|predictions)/.test(name));
    expect(shortcuts.filter((name) => /kernel|gamma/.test(name))).toEqual(
      expect.arrayContaining([
        'conv2d/kernel',
        'conv2d_1/kernel',
        'conv2d_2/kernel',
        'batch_normalization/gamma',
        'batch_normalization_1/gamma',
        'batch_normalization_2/gamma',
      ]),
    );
    expect(tensors['conv2d_1/kernel']!.shape).toEqual([1, 1, 5, 6]);
    model.dispose();
  });

  it('rejects weights that Keras has no place for', async () => {
    const model = xception(small);
    const { weights } = model.getLayer('block4_sepconv1_bn');
    Object.assign(weights.at(-1)!, { originalName: 'block4_sepconv1_bn/moving_variance_2' });
    const message = 'and have none for block4_sepconv1_bn/moving_variance_2; export with our names';
    await expect(exportKerasH5(model)).rejects.toThrow(message);
    await expect(exportSafetensors(model, { names: 'keras' })).rejects.toThrow(message);
    const other = decodeSafetensors(await exportSafetensors(model)).tensors;
    expect(Object.keys(other)).toContain('block4_sepconv1_bn/moving_variance_2');
    model.dispose();
  });

  it('rejects options that are not known, and weights without a place', async () => {
    const model = tfl.sequential({ layers: [tfl.layers.dense({ name: 'odd', units: 1, inputShape: [1] })] });
    const write = (options: object) => exportSafetensors(model, options);
    await expect(write({ name: 'keras' })).rejects.toThrow('unknown key `name`; did you mean `names`?');
    await expect(write({ names: 'torch' })).rejects.toThrow(
      "must be 'xcp', 'keras' or 'timm', received \"torch\"",
    );
    await expect(write({ float: 'F8' })).rejects.toThrow("`float` must be 'F32' or 'F16'");
    await expect(write({ names: 'timm' })).rejects.toThrow(
      'has none for odd/kernel, odd/bias; take other `names`',
    );
    model.dispose();
  });
});
