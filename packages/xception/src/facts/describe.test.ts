import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it, describe as suite } from 'vitest';
import kerasFacts from '../../fixtures/keras-facts.json';
import {
  countParameters,
  describe,
  kerasLayerNames,
  type XceptionConfig,
  xception,
  xceptionVariants,
} from '../index';

beforeAll(() => tf.setBackend('cpu'));

suite.each(Object.entries(kerasFacts))("Keras's Xception at %s", (side, keras) => {
  const config: XceptionConfig = { classes: 10, inputShape: [Number(side), Number(side), 3] };
  const described = describe(config);

  it('has the shapes and parameters of its layers', () => {
    const { toKeras } = kerasLayerNames(config);
    const layers = described.layers.map(({ name, outputShape, parameters }) => [
      toKeras[name],
      [outputShape.slice(1), parameters],
    ]);
    expect(Object.fromEntries(layers)).toEqual(keras.layers);
    expect(described.parameters.total).toBe(keras.parameters);
  });

  it('has the multiply-accumulates that TensorFlow counts', () => {
    expect(described.macs).toBe(keras.macs);
  });
});

/** The layers of a model; of a block whose activations are not kept, those within it. */
const innermostLayers = (model: tfl.LayersModel): tfl.layers.Layer[] =>
  model.layers.flatMap((layer) =>
    layer instanceof tfl.LayersModel ? innermostLayers(layer).slice(1) : layer,
  );

suite('describe', () => {
  const small: XceptionConfig = { width: 1 / 32, inputShape: [40, 33, 2], classes: 7 };

  const whitened = {
    filters: [16, 8] as [number, number],
    strides: [1, 2] as [number, number],
    padding: 'valid' as const,
    kernelSizes: [2, 3] as [number, number],
    whiten: true,
    bias: true,
  };

  it.each<[string, XceptionConfig]>([
    ['the paper', small],
    ['shared', { ...small, middleFlow: 'shared', middleBlocks: 3 }],
    ['own statistics', { ...small, middleFlow: 'shared-with-own-statistics', middleBlocks: 3 }],
    ['torch', { ...small, padding: 'torch', stem: { filters: [8, 8], strides: [2, 1], padding: 'same' } }],
    [
      'whitened',
      { ...small, width: 1, entryFilters: [8], exitFilters: [8, 8], finalFilters: [8], stem: whitened },
    ],
    ['features', { ...small, includeTop: false }],
    ['pooled features', { ...small, includeTop: false, pooling: 'max' }],
    ['dropout and drop path', { ...small, dropout: 0.5, dropPath: 0.2 }],
    ['slim', xceptionVariants.slim],
    ['checkpointed blocks', { ...small, checkpointBlocks: [2, 5, 13] }],
    [
      'a checkpointed shared block',
      { ...small, middleFlow: 'shared-with-own-statistics', middleBlocks: 3, checkpointBlocks: true },
    ],
  ])('says of %s what the model says', (_, config) => {
    const model = xception(config);
    const described = describe(config, { batch: 5 });
    const built = innermostLayers(model).map((layer) => ({
      name: layer.name,
      outputShape: [5, ...((layer.getOutputAt(0) as tfl.SymbolicTensor).shape.slice(1) as number[])],
      weights: layer.weights.map(({ originalName, shape, trainable }) => ({
        name: originalName.split('/').at(-1),
        shape,
        trainable,
      })),
      parameters: layer.countParams(),
    }));
    const byName = <T extends { name: string }>(layers: T[]) =>
      layers.toSorted((a, b) => a.name.localeCompare(b.name));
    const facts = described.layers.map(({ name, outputShape, weights, parameters }) => ({
      name,
      outputShape,
      weights,
      parameters,
    }));
    expect(byName(facts)).toEqual(byName(built));
    expect(described.parameters).toEqual(countParameters(model));
    expect(described.memory.weights).toBe(4 * model.countParams());
    model.dispose();
  });

  it('has for a shared block one line, all of its arithmetic, and its weights once', () => {
    const { layers, macs } = describe({ ...small, middleFlow: 'shared', middleBlocks: 4 });
    const distinct = describe({ ...small, middleBlocks: 4 });
    expect(macs).toBe(distinct.macs);
    const shared = layers.find(({ name }) => name === 'block5_sepconv1')!;
    const one = distinct.layers.find(({ name }) => name === 'block5_sepconv1')!;
    expect(shared).toEqual({ ...one, applications: 4, macs: 4 * one.macs });
  });

  it('makes no tensor', () => {
    const before = tf.memory().numTensors;
    describe({});
    expect(tf.memory().numTensors).toBe(before);
  });

  it('knows that activations which are computed again take no memory until then', () => {
    const memory = (checkpointBlocks: XceptionConfig['checkpointBlocks']) => {
      const { memory, macs } = describe({ inputShape: [71, 71, 3], checkpointBlocks }, { batch: 64 });
      expect(macs).toBe(describe({ inputShape: [71, 71, 3] }).macs);
      return memory;
    };
    const [none, one, all] = [memory(false), memory([5]), memory(true)];
    expect(one.training).toBeLessThan(none.training);
    expect(all.training).toBeLessThan(one.training);
    expect(all.inference).toBe(none.inference);
  });

  it('counts memory by the batch, the optimizer and micro-batches', () => {
    const training = (options: Parameters<typeof describe>[1]) => describe({}, options).memory.training;
    const parameters = describe({}).parameters.trainable;
    expect(training({ optimizerSlots: 2 }) - training({})).toBe(4 * parameters);
    expect(training({ accumulate: true }) - training({})).toBe(4 * parameters);
    const [two, three, four] = [2, 3, 4].map((batch) => training({ batch }));
    expect(four! - three!).toBe(three! - two!);
    const { memory } = describe({}, { batch: 4 });
    expect(memory.inference).toBeLessThan(memory.training);
    expect(memory.inference).toBeGreaterThan(memory.weights);
  });

  it.each([
    [{ bach: 1 }, 'describe: unknown key `bach`; did you mean `batch`?'],
    [{ batch: 0 }, 'describe: `batch` must be a positive integer, received 0'],
    [{ optimizerSlots: -1 }, 'describe: `optimizerSlots` must be a whole number of at least 0, received -1'],
    [{ accumulate: 1 }, 'describe: `accumulate` must be true or false, received 1'],
  ])('rejects %j', (options, message) => {
    expect(() => describe({}, options as object)).toThrow(message);
  });

  it('rejects a wrong configuration', () => {
    expect(() => describe({ inputShape: [6, 6, 3] })).toThrow('must be at least 7 × 7 pixels');
  });
});
