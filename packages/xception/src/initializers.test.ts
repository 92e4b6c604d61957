import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { type XceptionConfig, xception } from './index';

beforeAll(() => tf.setBackend('cpu'));

const small: XceptionConfig = {
  inputShape: [8, 8, 3],
  classes: 3,
  stem: { filters: [8, 8], strides: [1, 1], padding: 'same' },
  entryFilters: [8],
  entryStrides: [1],
  middleBlocks: 2,
  middleConvs: 2,
  exitFilters: [8, 16],
  exitStride: 1,
  finalFilters: [8],
  preActivation: true,
};

const weightsOf = (config: XceptionConfig) => {
  const model = xception(config);
  const entries = model.weights.map((w) => [w.originalName, Array.from(w.read().dataSync())] as const);
  model.dispose();
  return new Map(entries);
};

describe('residualGammaInitializer', () => {
  it("is of the last normalization of each residual branch, and of no other's", () => {
    const weights = weightsOf({ ...small, residualGammaInitializer: 'zeros' });
    const zero = [...weights].filter(
      ([name, values]) => name.endsWith('gamma') && values.every((v) => v === 0),
    );
    expect(zero.map(([name]) => name).sort()).toEqual(
      [2, 3, 4, 5].map((block) => `block${block}_sepconv2_bn/gamma`),
    );
  });

  it.each(['shared', 'shared-with-own-statistics'] as const)('knows a %s middle flow', (middleFlow) => {
    const weights = weightsOf({ ...small, middleFlow, residualGammaInitializer: 'zeros' });
    expect(weights.get('block3_sepconv2_bn/gamma')!.every((v) => v === 0)).toBe(true);
    expect(weights.get('block3_sepconv1_bn/gamma')!.every((v) => v === 1)).toBe(true);
  });

  it('begins with blocks that are their shortcuts', () => {
    const model = xception({ ...small, residualGammaInitializer: 'zeros' });
    const before = model.getLayer('block2_add').output as tfl.SymbolicTensor;
    const after = model.getLayer('block4_add').output as tfl.SymbolicTensor;
    const both = tfl.model({ inputs: model.inputs[0]!, outputs: [before, after] });
    tf.tidy(() => {
      const [x, y] = both.predict(tf.randomNormal([2, 8, 8, 3])) as tf.Tensor[];
      expect(y!.dataSync()).toEqual(x!.dataSync());
    });
    model.dispose();
  });

  it('must be one of two', () => {
    expect(() => xception({ residualGammaInitializer: 'zero' as never })).toThrow(
      /`residualGammaInitializer` must be 'ones' or 'zeros', received "zero"/,
    );
  });
});

describe("the initializer 'identity'", () => {
  it('gives every kernel of stride 1 that its kind reaches', () => {
    const weights = weightsOf({
      ...small,
      depthwiseInitializer: 'identity',
      pointwiseInitializer: 'identity',
    });
    const tap = weights.get('block3_sepconv1/depthwise_kernel')!;
    expect(tap).toEqual(Array.from({ length: 72 }, (_, i) => Number(Math.floor(i / 8) === 4)));
    const pointwise = weights.get('block3_sepconv1/pointwise_kernel')!;
    expect(pointwise).toEqual(Array.from({ length: 64 }, (_, i) => Number(Math.floor(i / 8) === i % 8)));
    // 16 outputs of 8 inputs: the others are drawn.
    const wider = weights.get('block5_residual_conv/kernel')!;
    expect(wider.filter((_, i) => i % 16 < 8)).toEqual(pointwise);
    const rest = wider.filter((_, i) => i % 16 >= 8);
    expect(rest.every((value) => value !== 0)).toBe(true);
    // The stem is of another kind.
    expect(weights.get('block1_conv2/kernel')!.every((value) => value !== 0)).toBe(true);
  });

  it('as kernelInitializer reaches the stem too', () => {
    const weights = weightsOf({ ...small, kernelInitializer: 'identity' });
    const stem = weights.get('block1_conv2/kernel')!;
    expect(stem).toEqual(
      Array.from({ length: 576 }, (_, i) =>
        Number(Math.floor(i / 64) === 4 && Math.floor((i % 64) / 8) === i % 8),
      ),
    );
  });
});
