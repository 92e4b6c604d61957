import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dilateKernel } from './dilate-kernel';
import { type SeparableConv2DArgs, separableConv2d } from './separable-conv2d';
import {
  camelCased,
  disposeWeights,
  expectClose,
  expectNoLeak,
  golden,
  numericGradient,
  toTensor,
  wave,
} from './test-tools';
import { varianceScaling } from './variance-scaling';

beforeAll(() => tf.setBackend('cpu'));

function built(args: SeparableConv2DArgs, channels: number, weights?: tf.Tensor[]) {
  const layer = separableConv2d(args);
  layer.build([null, null, null, channels]);
  if (weights) layer.setWeights(weights);
  return layer;
}

describe('against Keras', () => {
  it.each(Object.entries(golden.separableConv2d))('%s: outputs and all gradients', (_, example) => {
    const args = camelCased(example.config) as unknown as SeparableConv2DArgs;
    const layer = built(args, example.x.shape.at(-1)!, example.weights.map(toTensor));
    const x = toTensor(example.x);
    const dy = tf.tensor(example.dy, example.y.shape);
    const y = layer.apply(x) as tf.Tensor;
    expect(y.shape).toEqual(example.y.shape);
    expect(layer.computeOutputShape(x.shape)).toEqual(example.y.shape);
    expectClose(y, example.y.values);
    expectClose(tf.grad((input) => layer.apply(input) as tf.Tensor)(x, dy), example.dx);
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, dy)) as tf.Scalar);
    layer.weights.forEach((weight, i) => {
      expectClose(grads[weight.name]!, example.dweights[i]!);
    });
    disposeWeights(layer);
  });
});

describe('dilation', () => {
  it('equals a dilated convolution written as loops', () => {
    fc.assert(
      fc.property(
        fc.record({
          height: fc.integer({ min: 1, max: 3 }),
          width: fc.integer({ min: 1, max: 3 }),
          rateY: fc.integer({ min: 1, max: 3 }),
          rateX: fc.integer({ min: 1, max: 3 }),
          multiplier: fc.integer({ min: 1, max: 2 }),
        }),
        ({ height, width, rateY, rateX, multiplier }) => {
          const kernel = wave([height, width, 2, multiplier]) as tf.Tensor4D;
          const x = wave([1, 8, 8, 2], 1) as tf.Tensor4D;
          const [k, image] = [kernel.bufferSync(), x.bufferSync()];
          const [outY, outX] = [8 - (height - 1) * rateY, 8 - (width - 1) * rateX];
          const expected = tf.buffer([1, outY, outX, 2 * multiplier]);
          for (let y = 0; y < outY; y++)
            for (let column = 0; column < outX; column++)
              for (let c = 0; c < 2; c++)
                for (let m = 0; m < multiplier; m++) {
                  let sum = 0;
                  for (let i = 0; i < height; i++)
                    for (let j = 0; j < width; j++)
                      sum += image.get(0, y + i * rateY, column + j * rateX, c) * k.get(i, j, c, m);
                  expected.set(sum, 0, y, column, c * multiplier + m);
                }
          const y = tf.depthwiseConv2d(x, dilateKernel(kernel, [rateY, rateX]), 1, 'valid');
          expectClose(y, expected.toTensor());
        },
      ),
      { numRuns: 20 },
    );
  });

  it('has gradients, which TensorFlow.js has not', () => {
    const layer = built({ filters: 2, kernelSize: 3, dilationRate: 2, padding: 'same' }, 2, [
      wave([3, 3, 2, 1]),
      wave([1, 1, 2, 2], 1),
    ]);
    const x = wave([1, 6, 5, 2], 2);
    const dy = wave([1, 6, 5, 2], 3);
    const f = (input: tf.Tensor) => layer.apply(input) as tf.Tensor;
    expect(f(x).shape).toEqual([1, 6, 5, 2]);
    expectClose(tf.grad(f)(x, dy), numericGradient(f, x, dy), 2e-2);
    expect(layer.computeOutputShape([1, 6, 5, 2])).toEqual([1, 6, 5, 2]);
    disposeWeights(layer);
  });
});

describe('configuration', () => {
  const full: SeparableConv2DArgs = {
    name: 'separable',
    filters: 3,
    kernelSize: [3, 2],
    strides: 2,
    padding: 'same',
    depthMultiplier: 2,
    useBias: true,
    activation: 'relu',
    depthwiseInitializer: varianceScaling({ seed: 1 }),
    pointwiseInitializer: tfl.initializers.randomUniform({ minval: 0.1, maxval: 1, seed: 3 }),
    biasInitializer: 'ones',
    depthwiseRegularizer: 'l1l2',
    pointwiseRegularizer: tfl.regularizers.l2({ l2: 0.5 }),
    depthwiseConstraint: tfl.constraints.maxNorm({ maxValue: 3 }),
    pointwiseConstraint: 'nonNeg',
    inputShape: [5, 4, 2],
  };

  it('survives saving and loading, and predicts the same', async () => {
    const model = tfl.sequential({ layers: [separableConv2d(full)] });
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved!));
    expect(loaded.layers[0]!.getConfig()).toEqual(model.layers[0]!.getConfig());
    expect(loaded.layers[0]!.getClassName()).toBe('XcpSeparableConv2D');
    const x = wave([2, 5, 4, 2]);
    expectClose(loaded.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 1e-6);
    model.dispose();
    loaded.dispose();
  });

  it('gives each kernel its own initializer and no bias by default', () => {
    const layer = built(
      { filters: 2, kernelSize: 1, depthwiseInitializer: 'ones', pointwiseInitializer: 'zeros' },
      2,
    );
    expect(layer.weights.map((w) => w.originalName)).toEqual(['depthwise_kernel', 'pointwise_kernel']);
    expectClose(layer.getWeights()[0]!, [1, 1]);
    expectClose(layer.getWeights()[1]!, [0, 0, 0, 0]);
    disposeWeights(layer);
  });

  it('adds its penalties to the losses', () => {
    const layer = built({ ...full, depthwiseRegularizer: undefined, pointwiseInitializer: 'ones' }, 2);
    expectClose((layer.calculateLosses() as tf.Scalar[])[0]!, [0.5 * 12]);
    disposeWeights(layer);
  });

  it('leaves the built-in SeparableConv2D in the registry', () => {
    const [registered] = tf.serialization.SerializationMap.getMap().classNameMap.SeparableConv2D!;
    expect(tfl.layers.separableConv2d({ filters: 1, kernelSize: 1 })).toBeInstanceOf(registered);
  });

  it('holds on to no tensor', () => {
    const layer = built({ filters: 2, kernelSize: 2, useBias: true, dilationRate: 2 }, 2);
    const x = wave([1, 4, 4, 2]);
    expectNoLeak(() => (layer.apply(x) as tf.Tensor).dispose());
    expectNoLeak(() => tf.dispose(tf.variableGrads(() => tf.sum(layer.apply(x) as tf.Tensor) as tf.Scalar)));
    disposeWeights(layer);
  });
});

describe('bad arguments', () => {
  const make = (args: object) => () =>
    separableConv2d({ filters: 2, kernelSize: 3, ...args } as SeparableConv2DArgs);
  it.each([
    [{ filters: 0 }, /`filters` must be a positive integer, received 0/],
    [{ kernelSize: 0 }, /`kernelSize` must be positive, one integer or \[height, width\], received 0/],
    [{ kernelSize: [3] }, /`kernelSize` .* received \[3\]/],
    [{ strides: 1.5 }, /`strides` .* received 1.5/],
    [{ depthMultiplier: -1 }, /`depthMultiplier` .* received -1/],
    [{ padding: 'full' }, /`padding` must be 'same', 'valid' or 'symmetric', received 'full'/],
    [{ strides: 2, dilationRate: 2 }, /must not both be above 1, received \[2,2\] and \[2,2\]/],
    [{ kernelInitializer: 'zeros' }, /use `depthwiseInitializer` and `pointwiseInitializer`/],
    [{ dataFormat: 'NCHW' }, /`dataFormat` must be 'channelsLast' or 'channelsFirst', received 'NCHW'/],
    [{ pointwiseInitializer: 'heNorma' }, /`pointwiseInitializer` must be the name .* received 'heNorma'/],
  ])('%j', (args, message) => {
    expect(make(args)).toThrow(message);
    expect(make(args)).toThrow(/^separableConv2d: /);
  });

  it('an input without a known number of channels', () => {
    expect(() => built({ filters: 1, kernelSize: 1 }, null as unknown as number)).toThrow(
      /last axis .* known size/,
    );
  });
});
