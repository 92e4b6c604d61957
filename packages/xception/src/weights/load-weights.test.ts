import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from '@xcp/safetensors';
import { unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import keras from '../../fixtures/weights/keras.json';
import pytorch from '../../fixtures/weights/pytorch.json';
import { exportSafetensors, loadWeights, type WeightSource, xception } from '../index';
import { withHdf5 } from './hdf5-file';
import { expectLogits, fill, fixture, logitsOf, numbersOf, small } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

const { bytes: emptyHdf5 } = await withHdf5(null, (file) => file.create_attribute('of', 'another kind'));

const kerasArchive = fixture('keras.keras.gz');
const torchBytes = fixture('pytorch.safetensors');
const head = ['predictions/kernel', 'predictions/bias'];

/** The tensors of the PyTorch file, with some of them changed. */
function torchTensors(change: (tensors: NamedArrays) => void): NamedArrays {
  const { tensors } = decodeSafetensors(torchBytes);
  change(tensors);
  return tensors;
}

describe('weights from Keras', () => {
  it.each([
    ['a weights file of Keras 2', 'hdf5', fixture('keras-weights.h5.gz')],
    ['a whole model in HDF5', 'hdf5', fixture('keras-model.h5.gz')],
    ['.keras', 'keras', kerasArchive],
    ['.weights.h5 of Keras 3', 'hdf5', unzipSync(kerasArchive)['model.weights.h5']!],
    ['an ArrayBuffer', 'keras', kerasArchive.slice().buffer],
  ])('give its logits, from %s', async (_, format, source) => {
    const model = xception(small);
    const before = tf.memory();
    const report = await loadWeights(model, source);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    expect(report).toMatchObject({ format, names: 'keras', replaced: [], ignored: [], warnings: [] });
    expect(report.loaded).toHaveLength(model.weights.length);
    expectLogits(logitsOf(model), keras.logits);
    model.dispose();
  });

  it('may be those of Keras 1, with its names', async () => {
    const model = xception(small);
    const wanted = logitsOf(model);
    const blocks = ['block2', 'block3', 'block5'];
    const { bytes } = await withHdf5(null, (file) => {
      const layers = model.layers.filter(({ weights }) => weights.length > 0);
      const names = layers.map(({ name }) => {
        const [block, part] = name.split('_residual_');
        if (!part) return name;
        return `${part === 'conv' ? 'convolution2d' : 'batchnormalization'}_${blocks.indexOf(block!) + 1}`;
      });
      // In pieces, as lists of more than 64 KB are.
      file.create_attribute('layer_names0', names.slice(0, 9));
      file.create_attribute('layer_names1', names.slice(9));
      layers.forEach((layer, i) => {
        const group = file.create_group(names[i]!);
        const weights = layer.weights.map((weight) => {
          const kind = weight.originalName.split('/').at(-1)!;
          return {
            weight,
            name: `${names[i]}_${{ kernel: 'W', moving_variance: 'running_std' }[kind] ?? kind}`,
          };
        });
        group.create_attribute(
          'weight_names',
          weights.map(({ name }) => name),
        );
        for (const { weight, name } of weights) {
          group.create_dataset({
            name,
            data: weight.read().dataSync<'float32'>(),
            shape: weight.shape as number[],
          });
        }
      });
    });
    const other = xception({ ...small, seed: 3 });
    expect(await loadWeights(other, bytes)).toMatchObject({ names: 'keras', replaced: [] });
    expectLogits(logitsOf(other), wanted);
    model.dispose();
    other.dispose();
  });

  it('go into a model with the network inside', async () => {
    const whole = xception(small);
    const features = tfl.model({
      inputs: whole.inputs,
      outputs: whole.getLayer('avg_pool').output as tfl.SymbolicTensor,
    });
    const head = tfl.layers.dense({ name: 'predictions', units: 5 });
    const model = tfl.sequential({ layers: [features, head] });
    for (const source of [fixture('keras-weights.h5.gz'), kerasArchive]) {
      fill(model, 0);
      expect((await loadWeights(model, source)).loaded).toHaveLength(whole.weights.length);
      expectLogits(logitsOf(model), keras.logits);
    }
    head.dispose();
    whole.dispose();
  });

  it('go into a layer around a block, whatever its order of weights', async () => {
    const model = xception(small);
    const around = model.getLayer('block2_sepconv1');
    const block = model.layers.filter(({ name }) => /^block2_(sepconv|residual)/.test(name));
    const weights = block.toReversed().flatMap((layer) => layer.weights);
    for (const layer of block)
      Object.defineProperty(layer, 'weights', { value: layer === around ? weights : [] });
    await loadWeights(model, kerasArchive);
    expectLogits(logitsOf(model), keras.logits);
    model.dispose();
  });

  it('leave a classifier for other classes as it is, and say so', async () => {
    const model = xception({ ...small, classes: 3 });
    const own = tf.tidy(() => model.getLayer('predictions').getWeights()[0]!.arraySync());
    const report = await loadWeights(model, kerasArchive);
    expect(report.replaced).toEqual(head);
    expect(report.loaded).toHaveLength(model.weights.length - 2);
    expect(tf.tidy(() => model.getLayer('predictions').getWeights()[0]!.arraySync())).toEqual(own);
    await expect(loadWeights(model, kerasArchive, { replaceHead: false })).rejects.toThrow(
      /2 do not.*\n {2}'predictions\/kernel': must be float32 of shape \[8,3\], received float32 of shape \[8,5\] from .*dense.*\n {2}'predictions\/bias'/,
    );
    model.dispose();
  });

  it.each([
    ['HDF5', fixture('keras-weights.h5.gz'), 'predictions/kernel'],
    ['.keras', kerasArchive, 'layers/dense/vars/0'],
    ['PyTorch', torchBytes, 'fc.weight'],
  ])('go into a model without a classifier too, from %s', async (_, source, ignored) => {
    const whole = xception(small);
    const features = tfl.model({
      inputs: whole.inputs,
      outputs: whole.getLayer('avg_pool').output as tfl.SymbolicTensor,
    });
    const report = await loadWeights(features, source);
    expect(report).toMatchObject({ replaced: [], ignored: expect.arrayContaining([ignored]) });
    await expect(loadWeights(features, source, { replaceHead: false })).rejects.toThrow(
      `'${ignored}': the model has no place for it`,
    );
    whole.dispose();
  });

  it('tell what differs in a model that has the padding or the epsilon of PyTorch', async () => {
    const model = xception({ ...small, batchNormEpsilon: 1e-5 });
    const { warnings } = await loadWeights(model, kerasArchive);
    expect(warnings).toEqual(['these weights need `batchNormEpsilon: 0.001`, and the model has 0.00001']);
    model.dispose();
  });

  it('take numbers of shortcuts as they come, beyond ten too', async () => {
    const model = xception(small);
    const wanted = logitsOf(model);
    const numbers = { block2: 9, block3: 10, block5: 11 };
    const tensors: NamedArrays = {};
    for (const layer of model.layers.toReversed()) {
      const [block, part] = layer.name.split('_residual_') as [keyof typeof numbers, string | undefined];
      const names = { conv: `conv2d_${numbers[block]}`, bn: `batch_normalization_${numbers[block]}` };
      for (const weight of layer.weights) {
        const kind = weight.originalName.split('/').at(-1);
        const name = layer.name === 'predictions' ? 'dense_4' : part ? names[part as 'conv'] : layer.name;
        const data = weight.read().dataSync<'float32'>().slice();
        tensors[`${name}/${kind}`] = { dtype: 'float32', shape: weight.shape as number[], data };
      }
    }
    const other = xception({ ...small, seed: 3 });
    expect(await loadWeights(other, tensors)).toMatchObject({ format: 'arrays', names: 'keras' });
    expectLogits(logitsOf(other), wanted);
    model.dispose();
    other.dispose();
  });
});

describe('weights from PyTorch', () => {
  const config = { ...small, batchNormEpsilon: 1e-5 };
  const cases: [string, NamedArrays][] = [
    ['in the layout of timm', torchTensors(() => {})],
    [
      'in that of Cadene, with flat pointwise kernels and behind `module.`',
      torchTensors((tensors) => {
        for (const [name, array] of Object.entries(tensors)) {
          if (name.includes('pointwise')) array.shape = array.shape.slice(0, 2);
          delete tensors[name];
          tensors[`module.${name.replace('fc.', 'last_linear.')}`] = array;
        }
      }),
    ],
  ];
  it.each(cases)('give its logits, %s', async (_, tensors) => {
    const model = xception(config);
    const report = await loadWeights(model, encodeSafetensors(tensors));
    expect(report).toMatchObject({ format: 'safetensors', names: 'timm', replaced: [] });
    expect(report.ignored).toHaveLength(model.layers.filter(({ name }) => name.endsWith('_bn')).length);
    // All maps are of odd size here, where both paddings are the same.
    expectLogits(logitsOf(model), pytorch.logits);
    model.dispose();
  });

  it('tell that they need another epsilon and padding', async () => {
    const model = xception(small);
    const { warnings } = await loadWeights(model, torchBytes);
    expect(warnings).toEqual([
      'these weights need `batchNormEpsilon: 0.00001`, and the model has 0.001',
      expect.stringContaining("padding of PyTorch (`padding: 'torch'`), and the model pads its pools 'same'"),
    ]);
    model.dispose();
  });
});

describe('weights from TensorFlow.js', () => {
  it('may be quantized', async () => {
    const model = xception(small);
    const [scale, min] = [1 / 64, -1];
    for (const dtype of ['uint8', 'uint16'] as const) {
      const weightSpecs = model.weights.map(({ originalName, shape }) => ({
        name: originalName,
        shape: shape as number[],
        dtype: 'float32' as const,
        quantization: { dtype, scale, min },
      }));
      const sizes = weightSpecs.map(({ shape }) => tf.util.sizeFromShape(shape));
      const values = Array.from({ length: sizes.reduce((a, b) => a + b) }, (_, i) => i % 251);
      const bytes = dtype === 'uint8' ? Uint8Array.from(values) : Uint16Array.from(values);
      const before = tf.memory().numTensors;
      await loadWeights(model, { weightSpecs, weightData: bytes.buffer });
      expect(tf.memory().numTensors).toBe(before);
      expect(model.getWeights()[0]!.dataSync().slice(0, 3)).toEqual(
        Float32Array.of(-1, -1 + 1 / 64, -1 + 2 / 64),
      );
    }
    model.dispose();
  });
});

describe('weights that do not fit', () => {
  it('are told, every one, and nothing is changed', async () => {
    const model = xception(small);
    const before = numbersOf(model);
    const tensors = torchTensors((all) => {
      delete all['bn1.bias'];
      all['conv1.weight'] = all['conv2.weight']!;
      all['block1.skipbn.weight']!.dtype = 'int32';
      all['block7.rep.0.weight'] = all['bn1.weight']!;
      all['fc.bias'] = { dtype: 'float32', shape: [4], data: new Float32Array(4) };
    });
    const { numTensors } = tf.memory();
    await expect(loadWeights(model, tensors)).rejects.toThrow(
      [
        'loadWeights: every weight must fit, 5 do not, and nothing was changed:',
        "  'block1_conv1/kernel': must be float32 of shape [3,3,3,3], received float32 of shape [3,3,3,4] from 'conv1.weight'",
        "  'block1_conv1_bn/beta': missing",
        "  'block2_residual_bn/gamma': must be float32 of shape [5], received int32 of shape [5] from 'block1.skipbn.weight'",
        "  'predictions/bias': must be float32 of shape [5], received float32 of shape [4] from 'fc.bias'",
        "  'block7.rep.0.weight': the model has no place for it",
        'Build the model with the configuration that the weights were made with.',
      ].join('\n'),
    );
    expect(numbersOf(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(numTensors);
    model.dispose();
  });

  it('are told where two claim one place', async () => {
    const model = xception(small);
    const { tensors } = decodeSafetensors(await exportSafetensors(model, { names: 'keras' }));
    tensors['block2_residual_bn/gamma'] = tensors['batch_normalization/gamma']!;
    tensors['other/block1_conv1/kernel'] = tensors['block1_conv1/kernel']!;
    await expect(loadWeights(model, tensors)).rejects.toThrow(
      /2 do not.*\n {2}'(block2_residual_bn|batch_normalization)\/gamma': .*no place.*\n {2}'other\/block1_conv1\/kernel': .*no place/,
    );
    model.dispose();
  });

  it('are told where a model has other blocks than the Keras file', async () => {
    const model = xception({ ...small, middleBlocks: 2 });
    await expect(loadWeights(model, fixture('keras-weights.h5.gz'))).rejects.toThrow(
      "'block7_sepconv1/pointwise_kernel': missing",
    );
    model.dispose();
  });
});

describe('a source that cannot be read', () => {
  const h5 = fixture('keras-weights.h5.gz');
  const pickle = /a pickle.*\n.*torch\.load\('model\.pth'.*weights_only=True\)\n.*save_file/;
  const cases: [string, unknown, string | RegExp][] = [
    [
      'HDF5 cut short',
      h5.subarray(0, 5000),
      /whole and of Keras \(truncated file: eof = 5000, [^\n]*\); fetch it again$/,
    ],
    ['HDF5 of another kind', emptyHdf5, 'the HDF5 file must be whole and of Keras (it holds no weights)'],
    ['a zip cut short', kerasArchive.subarray(0, 5000), 'the archive must be whole'],
    ['another zip', zipSync({ 'a.txt': new Uint8Array(1) }), '.keras file with model.weights.h5 in it'],
    ['a PyTorch checkpoint', zipSync({ 'archive/data.pkl': new Uint8Array(1) }), pickle],
    ['an old PyTorch checkpoint', Uint8Array.of(0x80, 0x02, 0x8a, 0x0a), pickle],
    ['safetensors cut short', torchBytes.subarray(0, 9000), 'damaged or cut short'],
    ['other bytes', Uint8Array.of(60, 104, 116), 'received 3 bytes that begin with 3c 68 74'],
    ['nothing', new Uint8Array(0), 'received 0 bytes that begin with nothing'],
    ['a path', 'model.h5', 'received "model.h5"; paths are for the `loadWeights` of @xcp/xception/node'],
    ['a graph model', { format: 'graph-model', modelTopology: {} }, 'must be a layers model'],
    ['no tensors', { a: 1 }, "the tensor 'a' must be { dtype, shape, data }"],
    ['too few numbers', { a: { shape: [2], data: [1] } }, 'as its shape has, received 1 for [2]'],
    ['a topology', { modelTopology: {} }, 'must hold weights, received a topology alone'],
  ];
  it.each(cases)('is refused: %s', async (_, source, message) => {
    const model = xception(small);
    await expect(loadWeights(model, source as WeightSource)).rejects.toThrow(message);
    model.dispose();
  });

  it('so are options that are not known', async () => {
    const model = xception(small);
    const load = (options: object) => loadWeights(model, torchBytes, options);
    await expect(load({ replacehead: true })).rejects.toThrow(
      'unknown key `replacehead`; did you mean `replaceHead`?',
    );
    await expect(load({ replaceHead: 'no' })).rejects.toThrow(
      '`replaceHead` must be true or false, received "no"',
    );
    model.dispose();
  });
});
