import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { softmaxCrossEntropy } from '@xcp/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import kerasLayers from '../fixtures/keras-layers.json';
import { countParameters, kerasLayerNames, type XceptionConfig, xception, xceptionVariants } from './index';

beforeAll(() => tf.setBackend('cpu'));

/** Builds a model, looks at it, and frees it. */
function withModel<T>(config: XceptionConfig, look: (model: tfl.LayersModel) => T): T {
  const model = xception(config);
  const result = look(model);
  model.dispose();
  return result;
}

const tiny: XceptionConfig = {
  inputShape: [9, 8, 2],
  classes: 3,
  stem: { filters: [3, 4], strides: [1, 2], padding: 'same' },
  entryFilters: [5, 6],
  entryStrides: [2, 1],
  middleBlocks: 2,
  middleConvs: 2,
  exitFilters: [6, 7],
  finalFilters: [8],
};
const images = (count: number) =>
  tf.tensor4d(
    Float32Array.from({ length: count * 144 }, (_, i) => Math.sin(i * 1.3)),
    [count, 9, 8, 2],
  );
const weightsOf = (model: tfl.LayersModel) =>
  model.getWeights().map((weight) => Array.from(weight.dataSync()));
const layerNames = (config: XceptionConfig) =>
  withModel(config, (model) => model.layers.map((layer) => layer.name));

describe('the network of the paper', () => {
  it('has the layers of Keras, their names and their weights', () => {
    const { fromKeras } = kerasLayerNames({ classes: 10 });
    const expected = kerasLayers.map((layer) => `${fromKeras[layer.name]} ${JSON.stringify(layer.weights)}`);
    const actual = withModel({ classes: 10 }, (model) => {
      expect(model.layers).toHaveLength(134);
      expect(model.weights).toHaveLength(236);
      return model.layers.map(
        (layer) => `${layer.name} ${JSON.stringify(layer.weights.map((w) => w.shape))}`,
      );
    });
    expect(actual.toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    [1000, 22_855_952, 22_910_480],
    [100, 21_011_852, 21_066_380],
    [10, 20_827_442, 20_881_970],
  ])('has for %i classes %i trainable parameters of %i', (classes, trainable, total) => {
    expect(withModel({ classes }, countParameters)).toEqual({ trainable, nonTrainable: 54_528, total });
  });

  it('has 9,529,610 trainable parameters with the shared middle flow of the reference', () => {
    const config = { ...xceptionVariants.reference, classes: 10 };
    expect(withModel(config, countParameters).trainable).toBe(9_529_610);
  });

  it.each([
    [{ inputShape: [299, 299, 3] }, [149, 147, 74, 37, 19, 10]],
    [{ inputShape: [71, 71, 3] }, [35, 33, 17, 9, 5, 3]],
    [{ inputShape: [32, 32, 3] }, [15, 13, 7, 4, 2, 1]],
    [{ inputShape: [32, 32, 3], stem: 'cifar' }, [32, 32, 16, 8, 8, 4]],
    [{ inputShape: [7, 7, 3] }, [3, 1, 1, 1, 1, 1]],
  ] as [XceptionConfig, number[]][])('has for %j maps of the sides %j', (config, expected) => {
    const names = ['block1_conv1', 'block1_conv2', 'block2_add', 'block3_add', 'block4_add', 'block13_add'];
    const sides = withModel({ ...config, width: 0.02 }, (model) =>
      names.map((name) => (model.getLayer(name).output as tfl.SymbolicTensor).shape[1]),
    );
    expect(sides).toEqual(expected);
  });
});

describe('the slim variant', () => {
  it('has 558,586 trainable parameters, and as few as 243,834 when narrower', () => {
    const slim = { ...xceptionVariants.slim, classes: 10 };
    expect(withModel(slim, countParameters).trainable).toBe(558_586);
    const narrower: XceptionConfig = {
      entryFilters: [64, 128],
      middleBlocks: 2,
      exitFilters: [128, 192],
      finalFilters: [256],
    };
    expect(withModel({ ...slim, ...narrower }, countParameters).trainable).toBe(243_834);
  });

  it('puts a rectifier before every separable convolution and none behind the stem', () => {
    const names = layerNames(xceptionVariants.slim);
    expect(names).not.toContain('block1_conv2_act');
    expect(names).toContain('block2_sepconv1_act');
    expect(names).toContain('block8_act');
    expect(names).not.toContain('block7_pool');
    withModel(xceptionVariants.slim, (model) => {
      const input = (name: string) => (model.getLayer(name).input as tfl.SymbolicTensor).sourceLayer.name;
      expect(input('block2_residual_conv')).toBe('block1_conv2_bn');
      expect(input('block2_sepconv1_act')).toBe('block1_conv2_bn');
      expect(input('block8_sepconv1')).toBe('block8_act');
      expect(input('avg_pool')).toBe('block8_sepconv1_act');
    });
  });
});

describe('the variants', () => {
  it.each([
    ['keras', 22_855_952],
    ['paper', 22_855_952],
    ['cifar', 20_827_442],
    ['slim', 558_586],
    ['slimmer', 243_834],
  ] as const)('%s has %i trainable parameters', (name, trainable) => {
    expect(withModel(xceptionVariants[name], countParameters).trainable).toBe(trainable);
  });

  it('have what makes them theirs', () => {
    expect(layerNames({ ...xceptionVariants.paper, width: 0.02 })).toContain('dropout');
    withModel({ ...xceptionVariants.reference, inputShape: [32, 32, 3], width: 0.02 }, (model) => {
      expect(model.getLayer('block2_pool').getConfig().padding).toBe('symmetric');
      expect(model.getLayer('block2_sepconv1_bn').getConfig()).toMatchObject({
        epsilon: 1e-5,
        momentum: 0.9,
      });
      const kernel = model.getLayer('block14_sepconv1').getWeights()[1]!;
      const limit = 1 / Math.sqrt(kernel.shape[2]!);
      const largest = Math.max(...kernel.dataSync());
      expect(largest).toBeLessThanOrEqual(limit);
      expect(largest).toBeGreaterThan(0.9 * limit);
    });
  });
});

describe('the top', () => {
  it('is left out for the feature map, or for features pooled by average or maximum', () => {
    const x = images(2);
    const outputs = ([null, 'avg', 'max'] as const).map((pooling) =>
      withModel({ ...tiny, includeTop: false, pooling, dropout: 0.5 }, (model) => {
        expect(model.getWeights().some((weight) => weight.shape.includes(3) && weight.rank === 2)).toBe(
          false,
        );
        expect(model.layers.map(({ name }) => name)).not.toContain('dropout');
        return model.predict(x) as tf.Tensor;
      }),
    ) as [tf.Tensor4D, tf.Tensor, tf.Tensor];
    const [map, average, maximum] = outputs;
    expect(map.shape).toEqual([2, 2, 1, 8]);
    const expected = { average: tf.mean(map, [1, 2]), maximum: tf.max(map, [1, 2]) };
    expect(average.shape).toEqual([2, 8]);
    expect(Array.from(maximum.dataSync())).toEqual(Array.from(expected.maximum.dataSync()));
    Array.from(expected.average.dataSync()).forEach((mean, i) => {
      expect(average.dataSync()[i]).toBeCloseTo(mean, 6);
    });
  });

  it('gives independent probabilities with sigmoid', () => {
    const logits = withModel(tiny, (model) => (model.predict(images(1)) as tf.Tensor).dataSync());
    const config: XceptionConfig = { ...tiny, classifierActivation: 'sigmoid' };
    const probabilities = withModel(config, (model) => (model.predict(images(1)) as tf.Tensor).dataSync());
    probabilities.forEach((p, i) => {
      expect(p).toBeCloseTo(1 / (1 + Math.exp(-logits[i]!)), 5);
    });
  });
});

describe('padding', () => {
  it("is PyTorch's for every window that strides, and changes no size", () => {
    const strided: XceptionConfig = { ...tiny, stem: { filters: [3, 4], strides: [2, 1], padding: 'same' } };
    const padding = (config: XceptionConfig) =>
      withModel(config, (model) =>
        ['block1_conv1', 'block1_conv2', 'block2_pool'].map(
          (name) => model.getLayer(name).getConfig().padding,
        ),
      );
    expect(padding(strided)).toEqual(['same', 'same', 'same']);
    expect(padding({ ...strided, padding: 'torch' })).toEqual(['symmetric', 'same', 'symmetric']);
    expect(padding({ padding: 'torch', width: 0.02 })).toEqual(['valid', 'valid', 'symmetric']);
  });
});

describe('weights', () => {
  it('are a function of the seed and of the layer, and of nothing else', () => {
    const first = withModel({ ...tiny, seed: 1 }, weightsOf);
    expect(withModel({ ...tiny, seed: 1 }, weightsOf)).toEqual(first);
    expect(withModel({ ...tiny, seed: 2 }, weightsOf)).not.toEqual(first);
    const kernels = (middleBlocks: number) =>
      withModel({ ...tiny, middleBlocks }, (model) =>
        ['block3_sepconv1', 'predictions'].map((name) =>
          Array.from(model.getLayer(name).getWeights()[0]!.dataSync()),
        ),
      );
    expect(kernels(1)).toEqual(kernels(3));
  });

  it('differ from kernel to kernel', () => {
    const kernels = withModel(tiny, (model) =>
      model.weights.filter((w) => w.originalName.includes('kernel')).map((w) => w.read().dataSync()[0]!),
    );
    expect(new Set(kernels).size).toBe(kernels.length);
  });

  it.each([
    ['glorotUniform', 'conv', 2 / (9 * (2 + 64))],
    ['glorotNormal', 'conv', 2 / (9 * (2 + 64))],
    ['lecunUniform', 'conv', 1 / 18],
    ['lecunNormal', 'conv', 1 / 18],
    ['heUniform', 'conv', 2 / 18],
    ['torch', 'conv', 1 / 54],
    ['torch', 'depthwise', 1 / 27],
    ['lecunNormal', 'depthwise', 1 / 9],
    ['torch', 'pointwise', 1 / (3 * 64)],
    ['lecunUniform', 'pointwise', 1 / 64],
    ['heUniform', 'pointwise', 2 / 96],
  ] as const)('have with %s a variance that suits a %s kernel', (kernelInitializer, kind, variance) => {
    const config: XceptionConfig = {
      ...tiny,
      stem: { filters: [64, 64], strides: [1, 1], padding: 'same' },
      entryFilters: [96],
      entryStrides: [1],
      exitFilters: [6, 6],
      finalFilters: [6],
      kernelInitializer,
    };
    withModel(config, (model) => {
      const layer = model.getLayer(kind === 'conv' ? 'block1_conv1' : 'block2_sepconv1');
      const kernel = layer.getWeights()[kind === 'pointwise' ? 1 : 0]!;
      const actual = tf.tidy(() => tf.mean(tf.square(kernel)).dataSync()[0]!);
      expect(actual / variance).toBeGreaterThan(0.85);
      expect(actual / variance).toBeLessThan(1.15);
    });
  });

  it('have initializers of their own for the parts of separable convolutions and for the classifier', () => {
    const kernels = (config: XceptionConfig) =>
      withModel({ ...tiny, ...config }, (model) =>
        ['block1_conv1', 'block2_sepconv1', 'predictions'].flatMap((name) =>
          model
            .getLayer(name)
            .getWeights()
            .slice(0, 2)
            .map((weight) => weight.dataSync()[0]!),
        ),
      );
    const plain = kernels({});
    const own = kernels({ pointwiseInitializer: 'heNormal', classifierInitializer: 'zeros' });
    expect(own[0]).toBe(plain[0]);
    expect(own[1]).toBe(plain[1]);
    expect(own[2]).not.toBe(plain[2]);
    expect(own[3]).toBe(0);
    expect(kernels({ depthwiseInitializer: 'lecunNormal' })[1]).not.toBe(plain[1]);
  });

  it('have with heNormal a variance of 2 over the inputs, for 1×1 kernels over the outputs', () => {
    const config: XceptionConfig = {
      ...tiny,
      entryFilters: [64, 64],
      entryStrides: [1, 1],
      kernelInitializer: 'heNormal',
    };
    withModel(config, (model) => {
      const [depthwise, pointwise] = model.getLayer('block3_sepconv2').getWeights();
      const scaled = (kernel: tf.Tensor, fan: number) =>
        tf.tidy(() => tf.mean(tf.square(kernel)).dataSync()[0]! * fan);
      expect(scaled(depthwise!, 9)).toBeCloseTo(2, 0);
      expect(scaled(pointwise!, 64)).toBeCloseTo(2, 0);
    });
  });
});

describe('training', () => {
  it('takes the loss of a small batch down, moves the statistics, and leaks nothing', () => {
    const model = xception({ ...tiny, middleFlow: 'shared', dropout: 0.2, batchNormMomentum: 0.5 });
    const [x, labels] = [images(4), tf.oneHot(tf.tensor1d([0, 1, 2, 0], 'int32'), 3)];
    const optimizer = tf.train.sgd(0.1);
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const step = () =>
      tf.tidy(() => {
        const loss = () =>
          tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
        const { value, grads } = tf.variableGrads(loss, variables);
        expect(Object.keys(grads)).toHaveLength(variables.length);
        optimizer.applyGradients(grads);
        return value.dataSync()[0]!;
      });
    const first = step();
    const before = tf.memory().numTensors;
    let last = first;
    for (let i = 0; i < 12; i++) last = step();
    expect(tf.memory().numTensors).toBe(before);
    expect(last).toBeLessThan(first / 2);
    const statistics = model.getLayer('block1_conv1_bn').getWeights()[2]!.dataSync();
    expect(statistics.every((mean) => mean !== 0)).toBe(true);
    model.dispose();
  });
});

describe('checkpointBlocks', () => {
  /** Loss, gradients and weights of a training step by name, and a prediction. */
  function step(config: XceptionConfig) {
    const model = xception({ ...tiny, dropPath: 0.4, dropout: 0.2, batchNormMomentum: 0.5, ...config });
    const weights = model.weights.map((weight) => ({
      name: weight.originalName,
      variable: weight.read() as tf.Variable,
    }));
    const bits = (t: tf.Tensor) => Array.from(t.dataSync());
    const result = tf.tidy(() => {
      const labels = tf.tensor1d([0, 1, 2, 0], 'int32');
      const loss = () =>
        softmaxCrossEntropy(model.apply(images(4), { training: true }) as tf.Tensor2D, labels);
      const { value, grads } = tf.variableGrads(loss);
      return {
        loss: bits(value),
        prediction: bits(model.predict(images(2)) as tf.Tensor),
        weights: Object.fromEntries(weights.map(({ name, variable }) => [name, bits(variable)])),
        gradients: Object.fromEntries(
          weights
            .filter(({ variable }) => grads[variable.name])
            .map(({ name, variable }) => [name, bits(grads[variable.name]!)]),
        ),
      };
    });
    expect(Object.keys(result.gradients)).toHaveLength(model.trainableWeights.length);
    model.dispose();
    return result;
  }

  it.each<[XceptionConfig['middleFlow'], XceptionConfig['checkpointBlocks']]>([
    ['distinct', true],
    ['distinct', [2, 5]],
    ['shared', true],
    ['shared-with-own-statistics', [4, 5]],
  ])('with a %s middle flow and %j gives the same bits', (middleFlow, checkpointBlocks) => {
    const before = tf.memory().numTensors;
    const [actual, expected] = [step({ middleFlow, checkpointBlocks }), step({ middleFlow })];
    expect(actual).toEqual(expected);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('makes a layer of the block', () => {
    const names = layerNames({ ...tiny, checkpointBlocks: [4] });
    expect(names.filter((name) => name.startsWith('block4'))).toEqual(['block4']);
    expect(names).toContain('block5_sepconv1');
  });

  it('must name all of the blocks that share their layers', () => {
    expect(() => xception({ ...tiny, middleFlow: 'shared', checkpointBlocks: [2, 5] })).toThrow(
      'xception: `checkpointBlocks` must name all of the middle blocks or none, where they share their layers, ' +
        'received [2,5]; add 4',
    );
  });
});

describe('the model', () => {
  it.each([
    ['distinct', false],
    ['shared', false],
    ['shared-with-own-statistics', true],
  ] as const)(
    'is saved and loaded with a %s middle flow (checkpointed: %s)',
    async (middleFlow, checkpointBlocks) => {
      const options = { middleFlow, checkpointBlocks, dropout: 0.1, dropPath: 0.1 };
      const model = xception({ ...tiny, ...options, classifierActivation: 'softmax' });
      let saved: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler(async (artifacts) => {
          saved = artifacts;
          return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
        }),
      );
      const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved!));
      const x = images(2);
      const [expected, actual] = [model, loaded].map((m) =>
        Array.from((m.predict(x) as tf.Tensor).dataSync()),
      );
      expect(actual).toEqual(expected);
      expect(expected!.slice(0, 3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      model.dispose();
      loaded.dispose();
    },
  );

  it('applies one block for the whole of a shared middle flow', () => {
    const names = layerNames({ ...tiny, middleFlow: 'shared', middleBlocks: 3 });
    expect(names.filter((name) => /^block[456]_sepconv1$/.test(name))).toEqual(['block4_sepconv1']);
    expect(names.filter((name) => /^block[456]_add$/.test(name))).toEqual([
      'block4_add',
      'block5_add',
      'block6_add',
    ]);
    expect(names).toContain('block7_sepconv1');
  });

  it('rounds the filters of a wider or narrower network to multiples of 8', () => {
    const filters = (width: number) =>
      withModel({ ...xceptionVariants.slim, width }, (model) =>
        ['block1_conv1', 'block2_sepconv1', 'block8_sepconv1'].map(
          (name) => (model.getLayer(name).output as tfl.SymbolicTensor).shape[3],
        ),
      );
    expect(filters(1)).toEqual([16, 64, 384]);
    expect(filters(0.3)).toEqual([8, 16, 112]);
    expect(filters(1.5)).toEqual([24, 96, 576]);
  });

  it('has a dropout layer only where there is dropout, and can do without middle blocks', () => {
    expect(layerNames(tiny)).not.toContain('dropout');
    expect(layerNames({ ...tiny, dropout: 0.5, middleBlocks: 0 })).toEqual(
      expect.arrayContaining(['dropout', 'block4_residual_conv', 'block5_sepconv1']),
    );
  });

  it('frees everything when it is disposed of', () => {
    const before = tf.memory().numTensors;
    withModel({ ...tiny, middleFlow: 'shared' }, () => undefined);
    withModel(tiny, () => undefined);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('counts frozen layers as not trainable', () => {
    withModel(tiny, (model) => {
      const { trainable, total } = countParameters(model);
      model.getLayer('predictions').trainable = false;
      expect(countParameters(model)).toEqual({
        trainable: trainable - 27,
        nonTrainable: total - trainable + 27,
        total,
      });
    });
  });
});
