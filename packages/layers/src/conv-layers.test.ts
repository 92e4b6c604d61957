import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { factories } from './conv-test-tools';
import { expectClose, expectNoLeak, savedAndLoaded, wave } from './test-tools';
import { varianceScaling } from './variance-scaling';

beforeAll(() => tf.setBackend('cpu'));

type Name = keyof typeof factories;
const make = (name: Name, args: object) => (factories[name] as (args: object) => tfl.layers.Layer)(args);

const weight = (name: string, seed: number) => ({
  [`${name}Initializer`]: varianceScaling({ seed, mode: 'fanOut' }),
  [`${name}Regularizer`]: tfl.regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
  [`${name}Constraint`]: tfl.constraints.maxNorm({ maxValue: 0.9, axis: 0 }),
});
const conv = { kernelSize: 3, ...weight('bias', 3), useBias: true, activityRegularizer: 'l1l2' };
const depthwise = { ...conv, ...weight('depthwise', 1) };
const separable = { ...depthwise, filters: 4, ...weight('pointwise', 2) };
const normalization = { momentum: 0.5, epsilon: 0.1, scale: false, betaInitializer: 'ones' };

const options: [Name, object][] = [
  ['conv2d', { ...conv, filters: 2, ...weight('kernel', 1), activation: 'tanh' }],
  ['conv2d', { kernelSize: [3, 2], filters: 2, strides: [2, 1], padding: 'symmetric' }],
  [
    'conv2d',
    { kernelSize: 2, filters: 2, dilationRate: [1, 2], dataFormat: 'channelsFirst', padding: 'same' },
  ],
  ['depthwiseConv2d', { ...depthwise, depthMultiplier: 2, activation: 'hardSigmoid' }],
  ['depthwiseConv2d', { kernelSize: 3, strides: 2, dilationRate: 2, padding: 'symmetric' }],
  ['depthwiseConv2d', { kernelSize: 2, dataFormat: 'channelsFirst', depthMultiplier: 2 }],
  ['separableConv1d', { ...separable, depthMultiplier: 2, activation: 'gelu_new' }],
  [
    'separableConv1d',
    { kernelSize: 4, filters: 3, strides: 2, padding: 'symmetric', dataFormat: 'channelsFirst' },
  ],
  [
    'separableConv1d',
    { kernelSize: 3, filters: 4, order: 'pointwise-first', between: { activation: 'relu' } },
  ],
  ['separableConv2d', { ...separable, padding: 'same' }],
  ['separableConv2d', { ...separable, dilationRate: [2, 1], between: { batchNormalization: true } }],
  ['separableConv2d', { ...separable, order: 'pointwise-first', depthMultiplier: 2, strides: 2 }],
  ['separableConv2d', { ...separable, dataFormat: 'channelsFirst', activation: 'relu' }],
  [
    'separableConv2d',
    { kernelSize: 3, filters: 4, between: { batchNormalization: normalization, activation: 'relu6' } },
  ],
  ['maxPooling2d', { poolSize: [3, 2], strides: 2, padding: 'symmetric' }],
  ['maxPooling2d', { padding: 'same', dataFormat: 'channelsFirst' }],
];

/** TensorFlow.js writes null for what is not there. */
const withoutNull = (config: object) => JSON.parse(JSON.stringify(config, (_, value) => value ?? undefined));

describe('every option', () => {
  it.each(options)('%s with %# is saved and loaded, and predicts and trains the same', async (name, args) => {
    const inputShape = name === 'separableConv1d' ? [9, 9] : [9, 9, 9];
    const model = tfl.sequential({ layers: [make(name, { ...args, name: 'layer', inputShape })] });
    // Off the initial values, so that nothing is the same by chance.
    model.setWeights(model.getWeights().map((w, i) => tf.add(tf.abs(wave(w.shape, i)), 0.1)));
    const loaded = await savedAndLoaded(model);
    const [layer, copy] = [model.layers[0]!, loaded.layers[0]!];
    expect(withoutNull(copy.getConfig())).toEqual(withoutNull(layer.getConfig()));
    expect(copy.getClassName()).toBe(layer.getClassName());
    expect(copy.weights.map((w) => w.originalName)).toEqual(layer.weights.map((w) => w.originalName));
    const x = wave([2, ...inputShape]);
    const y = model.predict(x) as tf.Tensor;
    // A constraint normalizes once more when the weights are loaded.
    expectClose(loaded.predict(x) as tf.Tensor, y, 1e-5);
    expect(layer.computeOutputShape(x.shape)).toEqual(y.shape);

    const step = (m: tfl.Sequential | tfl.LayersModel) => () =>
      tf.addN([
        tf.sum(m.layers[0]!.apply(x, { training: true }) as tf.Tensor),
        ...m.layers[0]!.calculateLosses(),
      ]) as tf.Scalar;
    if (layer.weights.length === 0) return;
    const [a, b] = [model, loaded].map((m) => tf.variableGrads(step(m)));
    expectClose(b!.value, a!.value, 1e-3);
    expectClose(
      tf.concat(Object.values(b!.grads).map((g) => tf.reshape(g, [-1]))),
      tf.concat(Object.values(a!.grads).map((g) => tf.reshape(g, [-1]))),
      1e-3,
    );
    expectNoLeak(() => tf.dispose(tf.variableGrads(step(model))));
    expectNoLeak(() => (model.predict(x) as tf.Tensor).dispose());
    model.dispose();
    loaded.dispose();
  });

  it.each<[Name, object]>([
    ['conv2d', { kernelSize: 3, filters: 2, strides: 2, padding: 'same' }],
    ['depthwiseConv2d', { kernelSize: 3, depthMultiplier: 2, dilationRate: 2 }],
    ['separableConv2d', { kernelSize: 3, filters: 4, between: { batchNormalization: true } }],
    ['separableConv1d', { kernelSize: 3, filters: 4, strides: 2, padding: 'symmetric' }],
    ['maxPooling2d', { poolSize: 3, strides: 2, padding: 'symmetric' }],
  ])('%s %j gives the same with its channels first', (name, args) => {
    const [last, first] = ['channelsLast', 'channelsFirst'].map((dataFormat) =>
      make(name, { ...args, dataFormat }),
    );
    const shape = name === 'separableConv1d' ? [2, 8, 3] : [2, 8, 7, 3];
    const [toFirst, toLast] =
      shape.length === 3
        ? [
            [0, 2, 1],
            [0, 2, 1],
          ]
        : [
            [0, 3, 1, 2],
            [0, 2, 3, 1],
          ];
    const x = wave(shape);
    const y = last!.apply(x) as tf.Tensor;
    first!.build(tf.transpose(x, toFirst).shape);
    first!.setWeights(last!.getWeights());
    const z = first!.apply(tf.transpose(x, toFirst)) as tf.Tensor;
    expect(first!.computeOutputShape(tf.transpose(x, toFirst).shape)).toEqual(z.shape);
    expect(tf.transpose(z, toLast).shape).toEqual(y.shape);
    expectClose(tf.transpose(z, toLast), y, 1e-6);
    tf.dispose([last!.getWeights(), first!.getWeights()]);
  });
});

describe('bad arguments', () => {
  const convs: Name[] = ['conv2d', 'depthwiseConv2d', 'separableConv1d', 'separableConv2d'];
  const base = { filters: 2, kernelSize: 3 };
  const reject = (name: Name, args: object, message: RegExp) => {
    const valid = name === 'maxPooling2d' ? {} : name === 'depthwiseConv2d' ? { kernelSize: 3 } : base;
    const before = tf.memory().numTensors;
    expect(() => make(name, { ...valid, ...args })).toThrow(message);
    expect(() => make(name, { ...valid, ...args })).toThrow(new RegExp(`^${name}: `));
    expect(tf.memory().numTensors).toBe(before);
  };

  it.each(convs)('of %s', (name) => {
    const size = name === 'separableConv1d' ? 'one integer' : 'one integer or \\[height, width\\]';
    for (const key of ['kernelSize', 'strides', 'dilationRate']) {
      for (const value of [0, 1.5, -2, '3', [1, 2, 3]]) {
        reject(name, { [key]: value }, new RegExp(`\`${key}\` must be positive, ${size}, received`));
      }
    }
    reject(
      name,
      { padding: 'causal' },
      /`padding` must be 'same', 'valid' or 'symmetric', received 'causal'/,
    );
    reject(name, { dataFormat: 1 }, /`dataFormat` must be 'channelsLast' or 'channelsFirst', received 1/);
    reject(name, { activation: 'relo' }, /`activation` must be the name of .*, received 'relo'/);
    reject(name, { useBias: 1 }, /`useBias` must be true or false, received 1/);
    reject(name, { strides: 2, dilationRate: 2 }, /must not both be above 1, received .* and .*; set one/);
    const kernels = { conv2d: ['kernel'], depthwiseConv2d: ['depthwise'] } as Record<string, string[]>;
    for (const weight of ['bias', ...(kernels[name] ?? ['depthwise', 'pointwise'])]) {
      for (const part of ['Initializer', 'Regularizer', 'Constraint']) {
        reject(
          name,
          { [weight + part]: 'none' },
          new RegExp(`\`${weight}${part}\` must be the name of .* 'none'`),
        );
      }
    }
    reject(name, { activityRegularizer: 'l3' }, /`activityRegularizer` must be the name of .* 'l3'/);
    reject(name, { kernel_size: 3 }, /unknown argument `kernel_size`; did you mean `kernelSize`\?/);
    reject(name, { pading: 'same' }, /unknown argument `pading`; did you mean `padding`\?/);
  });

  it.each(['separableConv1d', 'separableConv2d'] as const)('of the two kernels of %s', (name) => {
    reject(name, { filters: 2.5 }, /`filters` must be a positive integer, received 2.5/);
    reject(name, { depthMultiplier: 0 }, /`depthMultiplier` must be a positive integer, received 0/);
    reject(
      name,
      { order: 'first' },
      /`order` must be 'depthwise-first' or 'pointwise-first', received 'first'/,
    );
    reject(
      name,
      { order: 'pointwise-first', filters: 3, depthMultiplier: 2 },
      /`filters` must be a multiple of `depthMultiplier` .* received 3 and 2/,
    );
    reject(name, { kernelRegularizer: 'l1l2' }, /use `depthwiseRegularizer` and `pointwiseRegularizer`/);
    reject(name, { between: true }, /`between` must be \{ batchNormalization, activation \}, received true/);
    reject(
      name,
      { between: {} },
      /`between` must have `batchNormalization` or an `activation`, received \{\}/,
    );
    reject(name, { between: { batchNorm: true } }, /`between`: unknown argument `batchNorm`; did you mean/);
    reject(
      name,
      { between: { batchNormalization: 1 } },
      /`batchNormalization` must be true or .* received 1/,
    );
    reject(
      name,
      { between: { batchNormalization: { momentun: 0.9 } } },
      /`batchNormalization`: unknown argument `momentun`; did you mean `momentum`\?/,
    );
    reject(name, { between: { activation: 'relo' } }, /`between.activation` must be the name .* 'relo'/);
  });

  it('of other layers', () => {
    reject('conv2d', { filters: -1 }, /`filters` must be a positive integer, received -1/);
    reject('depthwiseConv2d', { depthMultiplier: 1.5 }, /`depthMultiplier` .* received 1.5/);
    reject('depthwiseConv2d', { filters: 3 }, /unknown argument `filters`/);
    reject('maxPooling2d', { poolSize: 0 }, /`poolSize` must be positive, .* received 0/);
    reject('maxPooling2d', { strides: [1] }, /`strides` must be positive, .* received \[1\]/);
    reject('maxPooling2d', { padding: 1 }, /`padding` must be 'same', 'valid' or 'symmetric', received 1/);
    reject('maxPooling2d', { dataFormat: 'NHWC' }, /`dataFormat` must be .* received 'NHWC'/);
    reject('maxPooling2d', { size: 2 }, /unknown argument `size`/);
  });

  it('an input that is too small, or has no known channels', () => {
    const layer = make('separableConv2d', base);
    expect(() => layer.computeOutputShape([null, 2, 9, 1])).toThrow(
      "separableConv2d: a window that reaches over [3,3] must fit an input with `padding` 'valid', received one of " +
        "[2,9]; enlarge it or take `padding` 'same'",
    );
    expect(layer.computeOutputShape([null, null, 9, 1])).toEqual([null, null, 7, 2]);
    expect(() => make('maxPooling2d', {}).apply(wave([1, 1, 4, 1]))).toThrow(
      /^maxPooling2d: a window .* \[1,4\]/,
    );
    const first = make('conv2d', { ...base, dataFormat: 'channelsFirst' });
    expect(() => first.build([null, null, 4, 4])).toThrow(/^conv2d: axis 1 of the input, its channels, must/);
  });
});
