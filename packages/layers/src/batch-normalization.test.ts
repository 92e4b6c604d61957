import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormalization } from './batch-normalization';
import type { BatchNormalizationArgs } from './batch-normalization-args';
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

beforeAll(() => tf.setBackend('cpu'));

function built(args: BatchNormalizationArgs, channels: number, weights?: tf.Tensor[]) {
  const layer = batchNormalization(args);
  layer.build([null, channels]);
  if (weights) layer.setWeights(weights);
  return layer;
}
const bothVectors = () => [wave([2]), wave([2], 1), wave([2], 2), tf.tensor1d([0.5, 2])];

describe('against Keras', () => {
  it.each(Object.entries(golden.batchNormalization))(
    '%s: outputs, gradients, moving statistics',
    (name, example) => {
      const training = !name.startsWith('inference');
      const args = camelCased(example.config) as BatchNormalizationArgs;
      const layer = built(args, example.x.shape.at(-1)!, example.weights.map(toTensor));
      const x = toTensor(example.x);
      const dy = tf.tensor(example.dy, example.y.shape);
      const apply = (input: tf.Tensor) => layer.apply(input, { training }) as tf.Tensor;
      expect(layer.weights.map((weight) => weight.shape)).toEqual(example.weights.map(({ shape }) => shape));
      expectClose(apply(x), example.y.values);
      layer.getWeights().forEach((weight, i) => {
        expectClose(weight, example.weightsAfter[i]!);
      });
      expectClose(tf.grad(apply)(x, dy), example.dx);
      const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
      expect(variables).toHaveLength(example.dweights.length);
      const loss = () => tf.sum(tf.mul(apply(x), dy)) as tf.Scalar;
      const { grads } = variables.length > 0 ? tf.variableGrads(loss, variables) : { grads: {} };
      variables.forEach((variable, i) => {
        expectClose((grads as tf.NamedTensorMap)[variable.name]!, example.dweights[i]!);
      });
      disposeWeights(layer);
    },
  );
});

describe('frozen', () => {
  it.each(['layer', 'model'])(
    'by its %s: normalizes with its moving statistics, and nothing moves',
    (how) => {
      const layer = batchNormalization({ inputShape: [2] });
      const model = tfl.sequential({ layers: [layer] });
      layer.setWeights(bothVectors());
      const x = wave([5, 2]);
      const dy = wave([5, 2], 1);
      const expected = model.predict(x) as tf.Tensor;
      const before = layer.getWeights().map((w) => Array.from(w.dataSync()));

      if (how === 'layer') layer.trainable = false;
      else model.trainable = false;
      const apply = (input: tf.Tensor) => model.apply(input, { training: true }) as tf.Tensor;
      expectClose(apply(x), expected, 1e-7);
      expectClose(tf.grad(apply)(x, dy), numericGradient(apply, x, dy), 1e-2);
      expect(layer.getWeights().map((w) => Array.from(w.dataSync()))).toEqual(before);

      if (how === 'layer') layer.trainable = true;
      else model.trainable = true;
      apply(x);
      expect(layer.getWeights().map((w) => Array.from(w.dataSync()))).not.toEqual(before);
      model.dispose();
    },
  );

  it.each([{ scale: false }, { center: false }, { scale: false, center: false }])(
    'has a gradient with %j',
    (args) => {
      const layer = built({ ...args, trainable: false, movingMeanInitializer: 'ones' }, 2);
      const apply = (input: tf.Tensor) => layer.apply(input, { training: true }) as tf.Tensor;
      const [x, dy] = [wave([1, 2, 2, 2]), wave([1, 2, 2, 2], 1)];
      expectClose(tf.grad(apply)(x, dy), numericGradient(apply, x, dy), 1e-2);
      disposeWeights(layer);
    },
  );
});

describe('rectified', () => {
  it.each([true, false])('is a rectifier behind it, with its gradient (training: %s)', (training) => {
    const [x, dy] = [wave([4, 2, 1, 2]), wave([4, 2, 1, 2], 3)];
    const [plain, rectified] = (['linear', 'relu'] as const).map((activation) => {
      const layer = built({ activation }, 2, bothVectors());
      const apply = (input: tf.Tensor) => {
        const y = layer.apply(input, { training }) as tf.Tensor;
        return activation === 'linear' ? tf.relu(y) : y;
      };
      const result = [apply(x), tf.grad(apply)(x, dy)];
      disposeWeights(layer);
      return result;
    });
    expectClose(rectified![0]!, plain![0]!, 1e-6);
    expectClose(rectified![1]!, plain![1]!, 1e-5);
    expect(Array.from(rectified![0]!.dataSync())).toContain(0);
  });
});

describe('applications', () => {
  /** Applies one normalization three times; a dense layer of fixed weights stands between. */
  function threeTimes() {
    const bn = batchNormalization({ name: 'bn', applications: 3, momentum: 0.5 });
    const dense = tfl.layers.dense({ name: 'dense', units: 2, kernelInitializer: 'ones', useBias: false });
    const input = tfl.input({ shape: [2] });
    const first = bn.apply(input) as tfl.SymbolicTensor;
    const second = bn.apply(dense.apply(first)) as tfl.SymbolicTensor;
    const third = bn.apply(dense.apply(second)) as tfl.SymbolicTensor;
    return { bn, model: tfl.model({ inputs: input, outputs: third }), input, first };
  }
  const statistics = (layer: tfl.layers.Layer) =>
    layer.getWeights().flatMap((weight, i) => (i < 2 ? [] : [Array.from(weight.dataSync())]));

  it('moves the statistics of each application by what that application sees', () => {
    const { bn, model } = threeTimes();
    expect(bn.weights.map((w) => w.originalName)).toEqual([
      ...['bn/gamma', 'bn/beta', 'bn/moving_mean', 'bn/moving_variance'],
      ...['bn/application_1_moving_mean', 'bn/application_1_moving_variance'],
      ...['bn/application_2_moving_mean', 'bn/application_2_moving_variance'],
    ]);
    expect(bn.trainableWeights).toHaveLength(2);
    const x = wave([4, 2]);
    model.apply(x, { training: true });
    const seen: tf.Tensor[] = [x];
    const ones = tf.ones([2, 2]) as tf.Tensor2D;
    for (let n = 0; n < 2; n++) {
      const { mean, variance } = tf.moments(seen[n]!, 0);
      const y = tf.div(tf.sub(seen[n]!, mean), tf.sqrt(tf.add(variance, 1e-3)));
      seen.push(tf.matMul(y as tf.Tensor2D, ones));
    }
    const expected = seen.flatMap((values) => {
      const { mean, variance } = tf.moments(values, 0);
      return [tf.mul(mean, 0.5), tf.add(tf.mul(variance, 0.5), 0.5)];
    });
    statistics(bn).forEach((values, i) => {
      expectClose(values, expected[i]!);
    });
    model.dispose();
  });

  it('finds the first again after a pass that broke off and after one through a part', () => {
    const { bn, model, input, first } = threeTimes();
    const x = wave([4, 2]);
    model.apply(x, { training: true });
    const predicted = model.predict(x) as tf.Tensor;
    const part = tfl.model({ inputs: input, outputs: first });
    const partPredicted = part.predict(x) as tf.Tensor;
    for (let i = 0; i < 2; i++) {
      expectClose(part.predict(x) as tf.Tensor, partPredicted, 1e-7);
      expectClose(model.predict(x) as tf.Tensor, predicted, 1e-7);
      const brokenOff = () => {
        bn.apply(x);
        throw new Error('stopped');
      };
      expect(() => tf.tidy(brokenOff)).toThrow('stopped');
    }
    // The applications differ, or nothing would have been tested.
    expect(statistics(bn)[0]).not.toEqual(statistics(bn)[2]);
    // Two passes in one tidy are two passes as well.
    const [once, twice] = tf.tidy(() => [model.predict(x), model.predict(x)] as tf.Tensor[]);
    expectClose(once!, predicted, 1e-7);
    expectClose(twice!, predicted, 1e-7);
  });

  it('is saved and loaded', async () => {
    const { model } = threeTimes();
    const x = wave([4, 2]);
    model.apply(x, { training: true });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (saved) => {
        artifacts = saved;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(artifacts!));
    expectClose(loaded.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 1e-7);
    expect(loaded.getLayer('bn').getConfig()).toEqual(model.getLayer('bn').getConfig());
  });

  it('refuses to be applied more often', () => {
    const bn = batchNormalization({ name: 'bn', applications: 2, inputShape: [2] });
    const twice = bn.apply(bn.apply(tfl.input({ shape: [2] }))) as tfl.SymbolicTensor;
    expect(() => bn.apply(twice)).toThrow(
      "batchNormalization: 'bn' can be applied as often as `applications` says, 2 times, received one more; " +
        'set `applications` to what the network has',
    );
  });
});

describe('configuration', () => {
  it('survives saving and loading, with the weights in the order of Keras', () => {
    const layer = batchNormalization({
      name: 'bn',
      momentum: 0.5,
      epsilon: 0.01,
      unbiasedVariance: true,
      gammaInitializer: 'zeros',
      betaRegularizer: tfl.regularizers.l2({ l2: 0.5 }),
      gammaConstraint: 'nonNeg',
      activation: 'relu',
      trainable: false,
      inputShape: [3],
    });
    const model = tfl.sequential({ layers: [layer] });
    const loaded = tfl.models.modelFromJSON(JSON.parse(model.toJSON() as string));
    return loaded.then((copy) => {
      expect(copy.layers[0]!.getConfig()).toEqual(layer.getConfig());
      expect(copy.layers[0]!.getClassName()).toBe('XcpBatchNormalization');
      expect(layer.weights.map((w) => w.originalName.replace(/.*\//, ''))).toEqual([
        'gamma',
        'beta',
        'moving_mean',
        'moving_variance',
      ]);
      model.dispose();
      copy.dispose();
    });
  });

  it('holds on to no tensor', () => {
    const layer = built({ scale: false }, 2);
    const x = wave([2, 2, 2, 2]);
    for (const training of [true, false]) {
      const apply = () => layer.apply(x, { training }) as tf.Tensor;
      expectNoLeak(() => apply().dispose());
      expectNoLeak(() => tf.dispose(tf.variableGrads(() => tf.sum(apply()) as tf.Scalar)));
    }
    disposeWeights(layer);
  });

  it.each([
    [{ axis: 1 }, /`axis` must be -1, the last one, received 1/],
    [{ momentum: 1.5 }, /`momentum` must be from 0 to 1, received 1.5/],
    [{ epsilon: -1e-3 }, /`epsilon` must be at least 0, received -0.001/],
    [{ unbiasedVariance: 1 }, /`unbiasedVariance` must be true or false, received 1/],
    [{ scale: 'no' }, /`scale` must be true or false, received 'no'/],
    [{ activation: 'tanh' }, /`activation` must be 'linear' or 'relu', received 'tanh'/],
    [{ applications: 0 }, /`applications` must be a positive integer, received 0/],
    [{ momentun: 0.9 }, /unknown argument `momentun`; did you mean `momentum`\?/],
    [
      { gammaInitializer: 'one' },
      /^batchNormalization: `gammaInitializer` must be the name of a TensorFlow.js initializer/,
    ],
  ])('rejects %j', (args, message) => {
    expect(() => batchNormalization(args as BatchNormalizationArgs)).toThrow(message);
  });

  it('rejects an input whose number of channels is not known', () => {
    expect(() => batchNormalization().build([null, null])).toThrow(/last axis .* received \[null,null\]/);
  });
});
