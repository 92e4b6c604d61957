import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { softmaxCrossEntropy } from '@xcp/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../../fixtures/whitening/whitening.json';
import {
  describe as describeNetwork,
  type StemConfig,
  unfreeze,
  whitenStem,
  type XceptionConfig,
  xception,
} from '../index';

beforeAll(() => tf.setBackend('cpu'));

const shape = golden.shape as [number, number, number, number];
const images = { data: golden.images, shape };

const config = (stem: Partial<StemConfig> = {}): XceptionConfig => ({
  inputShape: [12, 12, 3],
  classes: 4,
  stem: { filters: [24, 8], strides: [1, 2], padding: 'same', kernelSizes: [2, 3], whiten: true, ...stem },
  entryFilters: [8],
  middleBlocks: 0,
  exitFilters: [8, 8],
  finalFilters: [8],
  seed: 1,
});

function kernelOf(model: tfl.LayersModel): number[] {
  const weights = model.getLayer('block1_conv1').weights;
  return Array.from(
    weights
      .find(({ originalName }) => originalName.endsWith('/kernel'))!
      .read()
      .dataSync(),
  );
}

describe('whitenStem', () => {
  it.each(golden.cases)("gives $filters filters of $size × $size pixels NumPy's eigenvectors", (known) => {
    const { size, filters } = known;
    const model = xception(config({ filters: [filters, 8], kernelSizes: [size, 3] }));
    const tensors = tf.memory().numTensors;
    whitenStem(model, images);
    expect(tf.memory().numTensors).toBe(tensors);
    const kernel = kernelOf(model);
    expect(kernel).toHaveLength(known.kernel.length);
    known.kernel.forEach((value, i) => {
      expect(Math.abs(kernel[i]! - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)));
    });
    model.dispose();
  });

  it('makes the responses to the images uncorrelated and of variance 1', () => {
    const model = xception(config({ filters: [24, 8], padding: 'valid' }));
    tf.tidy(() => {
      const x = tf.tensor4d(golden.images, shape);
      whitenStem(model, x, { epsilon: 1e-9 });
      const kernel = tf.slice(tf.tensor4d(kernelOf(model), [2, 2, 3, 24]), [0, 0, 0, 0], [2, 2, 3, 12]);
      const y = tf.reshape(tf.conv2d(x, kernel as tf.Tensor4D, 1, 'valid'), [-1, 12]);
      const centred = tf.sub(y, tf.mean(y, 0));
      const covariance = tf.div(tf.matMul(centred, centred, true), y.shape[0]!);
      const error = tf.max(tf.abs(tf.sub(covariance, tf.eye(12))));
      expect(error.dataSync()[0]).toBeLessThan(1e-3);
    });
    model.dispose();
  });

  it('divides by less where epsilon is larger', () => {
    const model = xception(config());
    whitenStem(model, images, { epsilon: 1e6 });
    expect(Math.max(...kernelOf(model))).toBeLessThan(1e-2);
    model.dispose();
  });

  it('refuses what it cannot whiten, and changes nothing then', () => {
    const trained = xception(config({ whiten: false }));
    expect(() => whitenStem(trained, images)).toThrow(/whose kernel does not train; build it/);
    trained.dispose();
    const model = xception(config());
    const before = kernelOf(model);
    const data = golden.images;
    expect(() => whitenStem(model, { data, shape: [6, 7, 4, 6] })).toThrow(/must be \[n, height, width, 3\]/);
    expect(() => whitenStem(model, { data: data.slice(3), shape })).toThrow(
      /must hold 1008 values, received 1005/,
    );
    expect(() => whitenStem(model, { data: data.with(5, Number.NaN), shape })).toThrow(/must hold finite/);
    expect(() => whitenStem(model, images, { epsilon: 0 })).toThrow(/`epsilon` must be positive, received 0/);
    expect(() => whitenStem(model, images, { epsilom: 1 } as object)).toThrow(/epsilom/);
    expect(kernelOf(model)).toEqual(before);
    model.dispose();
  });
});

describe('a whitened stem', () => {
  const kernels = async (model: tfl.LayersModel) => {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const x = tf.ones([2, 12, 12, 3]);
    const { kernelNames, kernels } = await tf.profile(() =>
      tf.variableGrads(() => {
        const logits = model.apply(x, { training: true }) as tf.Tensor2D;
        return softmaxCrossEntropy(logits, tf.tensor1d([1, 2], 'int32'));
      }, variables),
    );
    expect(kernelNames).not.toHaveLength(0);
    const count = (name: string) => kernels.filter((kernel) => kernel.name === name).length;
    // 1×1 convolutions are convolutions here too.
    return { filter: count('Conv2DBackpropFilter'), input: count('Conv2DBackpropInput') };
  };

  it('has no gradient of its kernel, and none of its output', async () => {
    const [plain, whitened, biased] = [{ whiten: false }, {}, { bias: true }].map((stem) =>
      xception(config(stem)),
    );
    const all = await kernels(plain!);
    expect(await kernels(whitened!)).toEqual({ filter: all.filter - 1, input: all.input - 1 });
    expect(await kernels(biased!)).toEqual({ filter: all.filter - 1, input: all.input });
    for (const model of [plain, whitened, biased]) model!.dispose();
  });

  it('stays fixed where everything is unfrozen, and has a bias that trains only where asked for', () => {
    for (const bias of [false, true]) {
      const model = xception(config({ bias }));
      unfreeze(model);
      const names = model.trainableWeights.map(({ originalName }) => originalName);
      expect(names).not.toContain('block1_conv1/kernel');
      expect(names.includes('block1_conv1/bias')).toBe(bias);
      expect(model.layers.some(({ name }) => name === 'block1_conv1_bn')).toBe(false);
      model.dispose();
    }
  });

  it('takes less memory in training than one that trains, and less without a bias', () => {
    const training = (stem: Partial<StemConfig>) =>
      describeNetwork(config({ kernelSizes: [3, 3], ...stem }), { batch: 64 }).memory.training;
    expect(training({})).toBeLessThan(training({ bias: true }));
    expect(training({ bias: true })).toBeLessThan(training({ whiten: false }));
  });

  it('comes back from a saved model as it was', async () => {
    const model = xception(config({ bias: true }));
    whitenStem(model, images);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved!));
    expect(kernelOf(loaded)).toEqual(kernelOf(model));
    expect(loaded.trainableWeights.map((w) => w.originalName)).toEqual(
      model.trainableWeights.map((w) => w.originalName),
    );
    model.dispose();
    loaded.dispose();
  });

  it.each<[Partial<StemConfig>, RegExp]>([
    [{ filters: [26, 8] }, /`filters` must begin with an even number up to 24, .* received 26/],
    [{ filters: [7, 8] }, /even number up to 24, .* received 7/],
    [{ whiten: 1 as never }, /`whiten` must be true or false, received 1/],
    [{ whiten: false, bias: true }, /`bias` must be false without `whiten`/],
    [{ bias: 'no' as never }, /`bias` must be true or false/],
    [{ kernelSizes: [0, 3] }, /`kernelSizes` must be two positive integers, received \[0,3\]/],
  ])('refuses %j', (stem, message) => {
    expect(() => xception(config(stem))).toThrow(message);
  });

  it("refuses even windows that stride with PyTorch's padding, whose sizes would differ", () => {
    const stem = { ...(config().stem as StemConfig), strides: [2, 1] as [number, number] };
    expect(() => xception({ ...config(), stem, padding: 'torch' })).toThrow(
      /must be odd .* received \[2,3\]/,
    );
  });
});
