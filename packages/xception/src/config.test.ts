import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minInputSize, resolveConfig, type XceptionConfig, xception, xceptionVariants } from './index';
import { sides } from './input-size';

describe('resolveConfig', () => {
  it('fills in the defaults of Keras', () => {
    expect(resolveConfig({})).toEqual({
      inputShape: [299, 299, 3],
      classes: 1000,
      includeTop: true,
      pooling: null,
      stem: {
        filters: [32, 64],
        strides: [2, 1],
        padding: 'valid',
        kernelSizes: [3, 3],
        whiten: false,
        bias: false,
      },
      residualGammaInitializer: 'ones',
      entryFilters: [128, 256, 728],
      entryStrides: [2, 2, 2],
      middleBlocks: 8,
      middleConvs: 3,
      middleFlow: 'distinct',
      exitFilters: [728, 1024],
      exitStride: 2,
      finalFilters: [1536, 2048],
      padding: 'keras',
      width: 1,
      preActivation: false,
      dropout: 0,
      dropPath: 0,
      checkpointBlocks: false,
      batchNormMomentum: 0.99,
      batchNormEpsilon: 1e-3,
      batchNormUnbiasedVariance: false,
      kernelInitializer: 'glorotUniform',
      depthwiseInitializer: 'glorotUniform',
      pointwiseInitializer: 'glorotUniform',
      classifierInitializer: 'glorotUniform',
      classifierActivation: 'linear',
      seed: 0,
    });
  });

  it('takes what it gave, also through JSON, and reads undefined as left out', () => {
    for (const variant of Object.values(xceptionVariants)) {
      const resolved = resolveConfig(variant);
      expect(resolveConfig(JSON.parse(JSON.stringify(resolved)))).toEqual(resolved);
    }
    expect(resolveConfig({ classes: undefined }).classes).toBe(1000);
  });

  it('takes `kernelInitializer` for the parts of separable convolutions that have none of their own', () => {
    const { depthwiseInitializer, pointwiseInitializer, classifierInitializer } = resolveConfig({
      kernelInitializer: 'heNormal',
      depthwiseInitializer: 'lecunUniform',
    });
    expect([depthwiseInitializer, pointwiseInitializer]).toEqual(['lecunUniform', 'heNormal']);
    expect(classifierInitializer).toBe('glorotUniform');
  });

  it('has the cifar stem keep the resolution of the last entry block', () => {
    expect(resolveConfig({ stem: 'cifar' }).entryStrides).toEqual([2, 2, 1]);
    expect(resolveConfig({ stem: 'cifar', entryStrides: [1, 2, 2] }).entryStrides).toEqual([1, 2, 2]);
  });

  it.each([
    [{ clases: 10 }, 'xception: unknown key `clases`; did you mean `classes`?'],
    [{ middleblock: 10 }, 'xception: unknown key `middleblock`; did you mean `middleBlocks`?'],
    [
      { stem: { filter: [1, 2], strides: [1, 1], padding: 'same' } },
      'xception: `stem`: unknown key `filter`; did you mean `filters`?',
    ],
    [
      { stem: 'imagnet' },
      "must be 'imagenet', 'cifar' or { filters, strides, padding }, received \"imagnet\"",
    ],
    [
      { stem: { filters: [8], strides: [1, 1], padding: 'same' } },
      'xception: `stem` `filters` must be two positive integers, received [8]',
    ],
    [
      { inputShape: [32, 32] },
      '`inputShape` must be [height, width, channels], positive integers, received [32,32]',
    ],
    [{ classes: 0 }, '`classes` must be a positive integer, received 0'],
    [{ entryFilters: [] }, '`entryFilters` must be a list of positive integers, received []'],
    [{ entryStrides: [2] }, '`entryStrides` must be 3 positive integers, one per entry block, received [2]'],
    [{ middleBlocks: -1 }, '`middleBlocks` must be a whole number of at least 0, received -1'],
    [{ middleConvs: 0 }, '`middleConvs` must be a positive integer'],
    [
      { middleFlow: 'both' },
      "`middleFlow` must be 'distinct', 'shared' or 'shared-with-own-statistics', received \"both\"",
    ],
    [{ exitFilters: [8] }, '`exitFilters` must be two positive integers'],
    [{ exitStride: 0 }, '`exitStride` must be a positive integer'],
    [{ finalFilters: 'x' }, '`finalFilters` must be a list of positive integers'],
    [{ width: 0 }, '`width` must be positive'],
    [{ preActivation: 1 }, '`preActivation` must be true or false'],
    [{ dropout: 1 }, '`dropout` must be at least 0 and below 1, received 1'],
    [{ batchNormMomentum: -0.1 }, '`batchNormMomentum` must be at least 0 and below 1'],
    [{ batchNormEpsilon: 0 }, '`batchNormEpsilon` must be positive'],
    [{ batchNormUnbiasedVariance: 0 }, '`batchNormUnbiasedVariance` must be true or false, received 0'],
    [
      { kernelInitializer: 'zeros' },
      "`kernelInitializer` must be 'glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'lecunUniform', 'lecunNormal', 'torch' or 'identity', received \"zeros\"",
    ],
    [{ depthwiseInitializer: 'ones' }, "`depthwiseInitializer` must be 'glorotUniform', "],
    [{ pointwiseInitializer: null }, "`pointwiseInitializer` must be 'glorotUniform', "],
    [{ classifierInitializer: 'identity' }, "'torch' or 'zeros', received"],
    [{ classifierInitializer: 'ones' }, "'torch' or 'zeros', received \"ones\""],
    [
      { classifierActivation: 'relu' },
      "`classifierActivation` must be 'linear', 'softmax' or 'sigmoid', received \"relu\"",
    ],
    [{ includeTop: 0 }, '`includeTop` must be true or false, received 0'],
    [{ includeTop: false, pooling: 'mean' }, "`pooling` must be 'avg', 'max' or null, received \"mean\""],
    [
      { pooling: 'max' },
      '`pooling` must be null where the classifier follows, which pools by the average, received "max"; ' +
        'add `includeTop: false` for pooled features',
    ],
    [{ padding: 'same' }, "`padding` must be 'keras' or 'torch', received \"same\""],
    [{ dropPath: 1 }, '`dropPath` must be at least 0 and below 1, received 1'],
    [
      { checkpointBlocks: [1, 2] },
      '`checkpointBlocks` must be true, false or a list of the numbers of blocks with a shortcut, from 2 to 13, ' +
        'received [1,2]',
    ],
    [{ checkpointBlocks: 'all' }, 'from 2 to 13, received "all"'],
    [{ middleBlocks: 1, checkpointBlocks: [8] }, 'from 2 to 6, received [8]'],
    [
      { downsampling: [2, 2, 2, 2] },
      'unknown key `downsampling`; say which blocks stride by `entryStrides` and `exitStride`, and of the stem by ' +
        '`stem.strides`',
    ],
    [null, 'the configuration must be an object, received null'],
    [[32, 32, 3], 'the configuration must be an object, received [32,32,3]'],
    [{ seed: 0.5 }, '`seed` must be a whole number of at least 0, received 0.5'],
  ])('rejects %j', (config, message) => {
    expect(() => resolveConfig(config as XceptionConfig)).toThrow(message);
  });
});

describe('the smallest input', () => {
  it('is 7 for the network of the paper, and follows the configuration', () => {
    expect(minInputSize({})).toBe(7);
    expect(minInputSize({ stem: 'cifar' })).toBe(1);
    expect(minInputSize({ inputShape: [1, 1, 1] })).toBe(7);
    expect(minInputSize({ stem: { filters: [8, 8], strides: [3, 3], padding: 'valid' } })).toBe(9);
  });

  it('is where the first map vanishes, by walking the window over the image', () => {
    const stride = fc.integer({ min: 1, max: 4 });
    const padding = fc.constantFrom('same' as const, 'valid' as const);
    fc.assert(
      fc.property(
        fc.tuple(stride, stride),
        padding,
        fc.integer({ min: 1, max: 40 }),
        fc.tuple(stride, stride),
        (strides, padding, side, kernelSizes) => {
          const places = (size: number, step: number, kernel: number) => {
            let count = 0;
            const end = padding === 'same' ? 1 : kernel;
            for (let start = 0; start + end <= size; start += step) count++;
            return count;
          };
          const filters: [number, number] = [8, 8];
          const stem = { filters, strides, padding, kernelSizes, whiten: false, bias: false };
          const conv1 = places(side, strides[0], kernelSizes[0]);
          const conv2 = places(conv1, strides[1], kernelSizes[1]);
          const [first, second] = sides({ stem, entryStrides: [2], exitStride: 1 }, side);
          expect([Math.max(0, first!), Math.max(0, second!)]).toEqual([conv1, conv2]);
          expect(side >= minInputSize({ stem })).toBe(conv2 > 0);
        },
      ),
    );
  });

  it.each(Object.keys(xceptionVariants) as (keyof typeof xceptionVariants)[])(
    'is enough for %s to give logits',
    async (name) => {
      await tf.setBackend('cpu');
      const config = { ...xceptionVariants[name], classes: 3, width: 0.02 };
      const side = minInputSize(config);
      const model = xception({ ...config, inputShape: [side, side + 1, 1] });
      const logits = model.predict(tf.ones([1, side, side + 1, 1])) as tf.Tensor;
      expect(logits.shape).toEqual([1, 3]);
      expect(logits.dataSync().every(Number.isFinite)).toBe(true);
      model.dispose();
    },
  );

  it('is told when it is not reached, with the reason for 71', () => {
    expect(() => xception({ inputShape: [6, 32, 3] })).toThrow(
      /`inputShape` must be at least 7 × 7 pixels.* received 6 × 32.*71.*final map of 3 × 3/s,
    );
  });
});
