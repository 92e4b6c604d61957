import { describe, expect, it } from 'vitest';
import { fromKerasConfig } from './from-keras-config';
import type { SeparableConv2D } from './separable-conv2d';
import { SeparableConv2D as SeparableConv2DClass } from './separable-conv2d';

/** As Keras 2.15 writes `SeparableConv2D(8, 3, data_format='channels_first', depthwise_regularizer='l2')`. */
const keras2 = {
  name: 'separable_conv2d',
  trainable: false,
  dtype: 'float32',
  filters: 8,
  kernel_size: [3, 3],
  strides: [1, 1],
  padding: 'valid',
  data_format: 'channels_first',
  dilation_rate: [1, 1],
  groups: 1,
  activation: 'linear',
  use_bias: true,
  bias_initializer: { class_name: 'Zeros', config: {} },
  bias_regularizer: null,
  activity_regularizer: null,
  bias_constraint: null,
  kernel_initializer: { class_name: 'GlorotUniform', config: { seed: null } },
  kernel_regularizer: null,
  kernel_constraint: null,
  depth_multiplier: 2,
  depthwise_initializer: { class_name: 'LecunNormal', config: { seed: 1 } },
  pointwise_initializer: { class_name: 'VarianceScaling', config: { scale: 2, mode: 'fan_out', seed: 3 } },
  depthwise_regularizer: { class_name: 'L2', config: { l2: 0.01 } },
  pointwise_regularizer: null,
  depthwise_constraint: null,
  pointwise_constraint: { class_name: 'MaxNorm', config: { max_value: 2, axis: 0 } },
};
const load = (changes: object = {}, class_name = 'SeparableConv2D') =>
  fromKerasConfig({ class_name, config: { ...keras2, ...changes } });

describe('a config of Keras 2', () => {
  it('gives the layer with all that it says', () => {
    const layer = load() as SeparableConv2D;
    expect(layer.getClassName()).toBe('XcpSeparableConv2D');
    expect(layer.trainable).toBe(false);
    expect(layer.getConfig()).toMatchObject({
      name: 'separable_conv2d',
      filters: 8,
      dataFormat: 'channelsFirst',
      depthMultiplier: 2,
      useBias: true,
      depthwiseInitializer: { className: 'VarianceScaling', config: { mode: 'fanIn', seed: 1 } },
      pointwiseInitializer: { className: 'VarianceScaling', config: { scale: 2, mode: 'fanOut', seed: 3 } },
      depthwiseRegularizer: { className: 'L1L2', config: { l1: 0, l2: 0.01 } },
      pointwiseConstraint: { className: 'MaxNorm', config: { maxValue: 2, axis: 0 } },
    });
  });

  it('is read by the class itself, and so is a config in TensorFlow.js spelling', () => {
    const layer = SeparableConv2DClass.fromConfig(SeparableConv2DClass, keras2 as never) as SeparableConv2D;
    expect(layer.getConfig()).toEqual(load().getConfig());
    const again = SeparableConv2DClass.fromConfig(SeparableConv2DClass, layer.getConfig()) as SeparableConv2D;
    expect(again.getConfig()).toEqual(layer.getConfig());
  });

  it('has a bias unless it says otherwise', () => {
    const { use_bias, ...config } = keras2;
    expect(fromKerasConfig({ class_name: 'SeparableConv2D', config })).toMatchObject({ useBias: true });
    expect(load({ use_bias: false })).toMatchObject({ useBias: false });
  });
});

describe('what has no equal here is refused', () => {
  it.each([
    [() => load({}, 'Conv3D'), /`class_name` must be 'SeparableConv1D', .* received 'Conv3D'/],
    [() => load({ activation: 'hard_sigmoid' }), /`activation` must be 'linear', .* received 'hardSigmoid'/],
    [() => load({ groups: 2 }), /`groups` must be 1, received 2; .* use depthwiseConv2d/],
    [
      () => load({ dtype: { class_name: 'DTypePolicy', config: { name: 'mixed_float16' } } }),
      /`dtype` must be 'float32', received 'mixed_float16'/,
    ],
    [
      () => load({ depthwise_regularizer: { class_name: 'OrthogonalRegularizer', config: {} } }),
      /`depthwiseRegularizer` must be the name of/,
    ],
    [() => load({ kernel_sise: 3 }), /unknown argument `kernelSise`; did you mean `kernelSize`\?/],
    [() => fromKerasConfig({ class_name: 'Conv2D', config: 3 as never }), /`config` must be .* received 3/],
  ])('%s', (make, message) => {
    expect(make).toThrow(message);
  });
});
