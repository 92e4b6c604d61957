import { fromBinary } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormalization, conv2d, depthwiseConv2d, maxPooling2d, separableConv2d } from '@xcp/layers';
import { ModelProtoSchema } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ExportOnnxOptions,
  exportOnnx,
  featureExtractor,
  type XceptionConfig,
  xception,
  xceptionVariants,
} from '../index';
import { fill, small } from '../weights/test-tools';

beforeAll(() => tf.setBackend('cpu'));

/** What onnxruntime computes from the model's file, with NHWC images. */
async function run(bytes: Uint8Array, images: tf.Tensor, layout: 'NHWC' | 'NCHW' = 'NHWC') {
  const session = await InferenceSession.create(bytes);
  const input = layout === 'NCHW' ? tf.transpose(images, [0, 3, 1, 2]) : images;
  const feeds = { [session.inputNames[0]!]: new Tensor('float32', await input.data(), input.shape) };
  const outputs = await session.run(feeds);
  return session.outputNames.map((name) => {
    const { data, dims } = outputs[name]!;
    return { name, dims, data: data as Float32Array };
  });
}

/** Expects values equal to `tolerance` of the greatest. */
function expectEqual(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  const greatest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const error = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i]!)), 0);
  expect(greatest).toBeGreaterThan(0);
  expect(error / greatest).toBeLessThan(tolerance);
}

/** Exports a model in every way, and compares what onnxruntime makes of random images with what it makes. */
async function expectParity(model: tfl.LayersModel): Promise<void> {
  fill(model, 3);
  const [, ...size] = model.inputs[0]!.shape as number[];
  const images = tf.randomUniform([2, ...size], -1, 1, 'float32', 11);
  const expected = [model.predict(images)].flat() as tf.Tensor[];
  for (const layout of ['NHWC', 'NCHW'] as const) {
    for (const batchNorm of ['fold', 'keep'] as const) {
      const outputs = await run(await exportOnnx(model, { layout, batchNorm }), images, layout);
      expect(outputs).toHaveLength(expected.length);
      outputs.forEach(({ name, data, dims }, i) => {
        expect(name).toBe(model.outputs[i]!.sourceLayer.name);
        const isMap = layout === 'NCHW' && dims.length === 4;
        const wanted = isMap ? tf.transpose(expected[i]!, [0, 3, 1, 2]) : expected[i]!;
        expect(dims).toEqual(wanted.shape);
        expectEqual(data, wanted.dataSync<'float32'>(), 1e-4);
      });
    }
  }
  tf.dispose([images, expected]);
}

const parse = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes).graph!;
const opsOf = (bytes: Uint8Array) => parse(bytes).node.map((node) => node.opType);

describe('exportOnnx', () => {
  const configs: Record<string, XceptionConfig> = {
    keras: small,
    'keras with probabilities and dropout': { ...small, classifierActivation: 'softmax', dropout: 0.3 },
    'keras of even maps and three channels of another kind': { ...small, inputShape: [32, 46, 2] },
    cifar: { ...small, inputShape: [16, 16, 3], stem: 'cifar' },
    'shared middle flow': { ...small, middleFlow: 'shared', middleBlocks: 3 },
    'statistics of its own for each application': {
      ...small,
      middleFlow: 'shared-with-own-statistics',
      middleBlocks: 3,
    },
    'blocks that compute their activations again': { ...small, checkpointBlocks: [2, 5], dropPath: 0.2 },
    'a shared block that does': {
      ...small,
      middleFlow: 'shared-with-own-statistics',
      middleBlocks: 3,
      checkpointBlocks: true,
    },
    "PyTorch's padding": { ...small, inputShape: [40, 46, 3], padding: 'torch' },
    slim: { ...xceptionVariants.slim, inputShape: [24, 24, 3], classes: 4, width: 0.1 },
  };
  it.each(Object.entries(configs))('gives in onnxruntime the logits of the model: %s', async (_, config) => {
    const model = xception(config);
    await expectParity(model);
    const before = tf.memory().numTensors;
    await exportOnnx(model);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('gives the logits of the whole network of the paper, of 91 MB', { timeout: 120_000 }, async () => {
    const model = xception({ inputShape: [71, 71, 3], seed: 1 });
    // Kernels as they are made, so that values stay of one size through 36 layers; statistics of their own.
    for (const layer of model.layers.filter(({ name }) => name.endsWith('_bn'))) fill(layer, 2);
    const images = tf.randomUniform([1, 71, 71, 3], -1, 1, 'float32', 11);
    const expected = (model.predict(images) as tf.Tensor).dataSync<'float32'>();
    const bytes = await exportOnnx(model);
    expect(bytes.length).toBeGreaterThan(91e6);
    const [logits] = await run(bytes, images);
    expectEqual(logits!.data, expected, 1e-4);
    images.dispose();
    model.dispose();
  });

  it('writes maps and several outputs', async () => {
    const model = xception(small);
    await expectParity(featureExtractor(model, ['block2', 'block4', 'features', 'predictions']));
    model.dispose();
    const checkpointed = xception({ ...small, checkpointBlocks: true });
    await expectParity(featureExtractor(checkpointed, ['block2', 'block4', 'predictions']));
    checkpointed.dispose();
  });

  it('folds every batch normalization of Xception, and shares the weights of a shared middle flow', async () => {
    const model = xception({ ...small, middleFlow: 'shared', middleBlocks: 3 });
    const [folded, kept] = await Promise.all(
      (['fold', 'keep'] as const).map((batchNorm) => exportOnnx(model, { batchNorm })),
    );
    expect(opsOf(folded!)).not.toContain('BatchNormalization');
    expect(opsOf(kept!).filter((op) => op === 'BatchNormalization')).toHaveLength(21);
    const sizeOf = (middleBlocks: number) =>
      exportOnnx(xception({ ...small, middleFlow: 'shared', middleBlocks }), {}).then(
        (bytes) => parse(bytes).initializer.length,
      );
    expect(await sizeOf(3)).toBe(await sizeOf(1));
    model.dispose();
  });

  it('takes the built-in layers, and normalizations that follow no convolution', async () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ filters: 4, kernelSize: [3, 2], padding: 'same', inputShape: [9, 8, 3] }),
        tfl.layers.reLU(),
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
    expect(opsOf(await exportOnnx(model)).filter((op) => op === 'BatchNormalization')).toHaveLength(3);
    model.dispose();
  });

  it.each([17, 18])('takes every option of the convolutions of @xcp/layers, on maps of %i', async (side) => {
    const model = tfl.sequential({
      layers: [
        conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'symmetric', inputShape: [side, side, 3] }),
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

  it('takes maps of any size', async () => {
    const any = [null, null, 2];
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', inputShape: any }),
        separableConv2d({ filters: 4, kernelSize: 3, padding: 'same' }),
        tfl.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
        tfl.layers.globalMaxPooling2d({}),
      ],
    });
    fill(model, 4);
    const bytes = await exportOnnx(model);
    for (const size of [
      [9, 12],
      [16, 15],
    ]) {
      const images = tf.randomUniform([1, ...size, 2], -1, 1, 'float32', 5);
      const [output] = await run(bytes, images);
      expectEqual(output!.data, (model.predict(images) as tf.Tensor).dataSync<'float32'>(), 1e-4);
    }
    model.dispose();
  });

  it('says what comes in and goes out: named axes for the batch, numbers for the rest', async () => {
    const model = xception(small);
    const valuesOf = async (layout: ExportOnnxOptions['layout']) => {
      const { input, output } = parse(await exportOnnx(model, { layout }));
      return [...input, ...output].map(({ name, type }) => {
        const tensor = type!.value.value as { shape: { dim: { value: { value: bigint | string } }[] } };
        return [name, ...tensor.shape.dim.map(({ value }) => value.value)];
      });
    };
    expect(await valuesOf('NHWC')).toEqual([
      ['input_layer', 'batch', 39n, 39n, 3n],
      ['predictions', 'batch', 5n],
    ]);
    expect(await valuesOf('NCHW')).toEqual([
      ['input_layer', 'batch', 3n, 39n, 39n],
      ['predictions', 'batch', 5n],
    ]);
    model.dispose();
  });

  it.each([
    [{ layout: 'nchw' }, "`layout` must be 'NHWC' or 'NCHW', received \"nchw\""],
    [{ batchNorm: 'none' }, "`batchNorm` must be 'fold' or 'keep', received \"none\""],
    [{ layuot: 'NCHW' }, 'unknown key `layuot`; did you mean `layout`?'],
  ])('rejects %j', async (options, message) => {
    const model = xception(small);
    await expect(exportOnnx(model, options as ExportOnnxOptions)).rejects.toThrow(`exportOnnx: ${message}`);
    model.dispose();
  });

  it.each([
    [
      tfl.layers.upSampling2d({ size: [2, 2], inputShape: [4, 4, 1], name: 'up' }),
      'layer `up` (UpSampling2D) is of a class that cannot be exported; those that can be are Activation, Add',
    ],
    [
      tfl.layers.conv2d({
        filters: 1,
        kernelSize: 1,
        activation: 'swish',
        inputShape: [4, 4, 1],
        name: 'swish',
      }),
      'layer `swish` (Conv2D) has the activation `swish`; those that can be exported are linear, relu',
    ],
    [
      tfl.layers.reLU({ maxValue: 6, inputShape: [4, 4, 1], name: 'relu6' }),
      'layer `relu6` (ReLU) must have no `maxValue`',
    ],
  ])('names a layer that it cannot write', async (layer, message) => {
    const model = tfl.sequential({ layers: [layer] });
    await expect(exportOnnx(model)).rejects.toThrow(`exportOnnx: ${message}`);
    model.dispose();
  });
});
