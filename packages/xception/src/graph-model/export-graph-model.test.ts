import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormalization, conv2d, depthwiseConv2d, maxPooling2d, separableConv2d } from '@xcp/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ExportGraphModelOptions,
  exportGraphModel,
  featureExtractor,
  type XceptionConfig,
  xception,
  xceptionVariants,
} from '../index';
import { fill, small } from '../weights/test-tools';

beforeAll(() => tf.setBackend('cpu'));

/** What plain TensorFlow.js computes from the artifacts, through the JSON that they are stored as. */
async function run(artifacts: tf.io.ModelArtifacts, images: tf.Tensor) {
  const stored = { ...JSON.parse(JSON.stringify(artifacts)), weightData: artifacts.weightData };
  const graph = await loadGraphModel(tf.io.fromMemory(stored));
  const names = graph.outputs.map(({ name }) => name.replace(/:0$/, ''));
  const outputs = [graph.predict(images)].flat() as tf.Tensor[];
  graph.dispose();
  return { names, outputs };
}

/** Expects values equal to 1e-5 of the greatest. */
function expectEqual(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const [got, wanted] = [actual.dataSync<'float32'>(), expected.dataSync<'float32'>()];
  const greatest = wanted.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const error = got.reduce((max, value, i) => Math.max(max, Math.abs(value - wanted[i]!)), 0);
  expect(greatest).toBeGreaterThan(0);
  expect(error / greatest).toBeLessThan(1e-5);
}

/** Exports a model in both ways and compares, on a batch of another size too. */
async function expectParity(model: tfl.LayersModel): Promise<void> {
  fill(model, 3);
  const [, ...size] = model.inputs[0]!.shape as number[];
  for (const batch of [2, 1]) {
    const images = tf.randomUniform([batch, ...size], -1, 1, 'float32', 11);
    const expected = [model.predict(images)].flat() as tf.Tensor[];
    for (const batchNorm of ['fold', 'keep'] as const) {
      const { names, outputs } = await run(await exportGraphModel(model, { batchNorm }), images);
      expect(names).toEqual(model.outputs.map(({ sourceLayer }) => sourceLayer.name));
      for (const [i, output] of outputs.entries()) expectEqual(output, expected[i]!);
      tf.dispose(outputs);
    }
    tf.dispose([images, expected]);
  }
}

interface Topology {
  node: { name: string; op: string }[];
}
const opsOf = ({ modelTopology }: tf.io.ModelArtifacts) =>
  (modelTopology as unknown as Topology).node.map(({ op }) => op);

describe('exportGraphModel', () => {
  const configs: Record<string, XceptionConfig> = {
    keras: small,
    'keras with probabilities and dropout': { ...small, classifierActivation: 'softmax', dropout: 0.3 },
    'one channel, an even map': { ...small, inputShape: [32, 46, 1] },
    'the stem for small images': { ...small, inputShape: [16, 16, 3], stem: 'cifar' },
    'shared middle flow': { ...small, middleFlow: 'shared', middleBlocks: 3 },
    'statistics of its own for each application': {
      ...small,
      middleFlow: 'shared-with-own-statistics',
      middleBlocks: 3,
    },
    'a shared block that computes its activations again': {
      ...small,
      middleFlow: 'shared-with-own-statistics',
      middleBlocks: 3,
      checkpointBlocks: true,
      dropPath: 0.2,
    },
    "PyTorch's padding": { ...small, inputShape: [40, 46, 3], padding: 'torch' },
    'features of maps, without a top': { ...small, includeTop: false, pooling: 'max' },
    slim: { ...xceptionVariants.slim, inputShape: [24, 24, 3], classes: 4, width: 0.1 },
  };
  it.each(Object.entries(configs))(
    'gives the outputs of the model in plain TensorFlow.js: %s',
    async (_, config) => {
      const before = tf.memory().numTensors;
      const model = xception(config);
      await expectParity(model);
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('gives those of the whole network of the paper, at a small size', { timeout: 120_000 }, async () => {
    const model = xception({ inputShape: [32, 32, 3], classes: 10, seed: 1 });
    for (const layer of model.layers.filter(({ name }) => name.endsWith('_bn'))) fill(layer, 2);
    const images = tf.randomUniform([2, 32, 32, 3], -1, 1, 'float32', 11);
    const artifacts = await exportGraphModel(model);
    expect((artifacts.weightData as ArrayBuffer).byteLength).toBeGreaterThan(83e6);
    expectEqual((await run(artifacts, images)).outputs[0]!, model.predict(images) as tf.Tensor);
    model.dispose();
  });

  it('folds every batch normalization, and stores the weights of a shared middle flow once', async () => {
    const model = xception({ ...small, middleFlow: 'shared', middleBlocks: 3 });
    const folded = await exportGraphModel(model);
    const kept = await exportGraphModel(model, { batchNorm: 'keep' });
    expect(opsOf(folded)).not.toContain('FusedBatchNormV3');
    expect(opsOf(kept).filter((op) => op === 'FusedBatchNormV3')).toHaveLength(21);
    const weights = ({ weightSpecs = [] }: tf.io.ModelArtifacts) => weightSpecs.map(({ name }) => name);
    expect(new Set(weights(folded)).size).toBe(weights(folded).length);
    const once = await exportGraphModel(xception({ ...small, middleFlow: 'shared', middleBlocks: 1 }));
    expect(weights(folded)).toHaveLength(weights(once).length);
    model.dispose();
  });

  it('says what comes in and goes out: any batch, numbers for the rest', async () => {
    const model = xception(small);
    const graph = await loadGraphModel(tf.io.fromMemory(await exportGraphModel(model)));
    expect(graph.inputs.map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual([
      ['input_layer', [-1, 39, 39, 3], 'float32'],
    ]);
    expect(graph.modelSignature).toMatchObject({
      inputs: { input_layer: { name: 'input_layer:0', dtype: 'DT_FLOAT' } },
      outputs: {
        predictions: { name: 'predictions:0', tensorShape: { dim: [{ size: '-1' }, { size: '5' }] } },
      },
    });
    model.dispose();
  });

  it('writes maps and several outputs', async () => {
    const model = xception({ ...small, checkpointBlocks: true });
    await expectParity(featureExtractor(model, ['block2', 'block4', 'predictions']));
    model.dispose();
  });

  it('takes the built-in layers, and normalizations that follow no convolution', async () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ filters: 4, kernelSize: [3, 2], padding: 'same', inputShape: [9, 8, 3] }),
        tfl.layers.reLU({ maxValue: 6 }),
        tfl.layers.batchNormalization({ scale: false }),
        tfl.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, activation: 'tanh' }),
        tfl.layers.batchNormalization({ center: false }),
        separableConv2d({
          filters: 5,
          kernelSize: 3,
          dilationRate: 2,
          padding: 'same',
          depthMultiplier: 2,
          useBias: true,
          activation: 'sigmoid',
        }),
        tfl.layers.maxPooling2d({ poolSize: 2, strides: 2 }),
        tfl.layers.activation({ activation: 'elu' }),
        tfl.layers.flatten(),
        batchNormalization({ epsilon: 0.1, activation: 'relu' }),
        tfl.layers.dense({ units: 3, useBias: false, activation: 'softplus' }),
      ],
    });
    await expectParity(model);
    model.dispose();
  });

  it.each([17, 18])('takes every option of the convolutions of @xcp/layers, on maps of %i', async (side) => {
    const model = tfl.sequential({
      layers: [
        conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'symmetric', inputShape: [side, side, 3] }),
        conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, padding: 'symmetric', useBias: false }),
        batchNormalization(),
        separableConv2d({
          filters: 6,
          kernelSize: 3,
          padding: 'symmetric',
          depthMultiplier: 2,
          between: { batchNormalization: { epsilon: 0.01 }, activation: 'relu' },
        }),
        maxPooling2d({ poolSize: 3, strides: 2, padding: 'symmetric' }),
        separableConv2d({
          filters: 6,
          kernelSize: [3, 2],
          strides: 2,
          padding: 'same',
          depthMultiplier: 3,
          order: 'pointwise-first',
          between: { activation: 'tanh' },
          useBias: true,
        }),
        depthwiseConv2d({ kernelSize: 3, padding: 'symmetric', depthMultiplier: 2, activation: 'relu' }),
      ],
    });
    await expectParity(model);
    model.dispose();
  });

  it.each([
    [{ batchNorm: 'none' }, "`batchNorm` must be 'fold' or 'keep', received \"none\""],
    [{ batchnorm: 'fold' }, 'unknown key `batchnorm`; did you mean `batchNorm`?'],
  ])('rejects %j', async (options, message) => {
    const model = xception(small);
    await expect(exportGraphModel(model, options as ExportGraphModelOptions)).rejects.toThrow(
      `exportGraphModel: ${message}`,
    );
    model.dispose();
  });

  it.each([
    [
      tfl.layers.upSampling2d({ size: [2, 2], inputShape: [4, 4, 1], name: 'up' }),
      'layer `up` (UpSampling2D) is of a class that cannot be exported; those that can be are Activation, Add',
    ],
    [
      tfl.layers.reLU({ maxValue: 5, inputShape: [4, 4, 1], name: 'relu5' }),
      'layer `relu5` (ReLU) must have no `maxValue`, or 6',
    ],
  ])('names a layer that it cannot write', async (layer, message) => {
    const model = tfl.sequential({ layers: [layer] });
    await expect(exportGraphModel(model)).rejects.toThrow(`exportGraphModel: ${message}`);
    model.dispose();
  });
});
