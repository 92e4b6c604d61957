import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormalization } from './batch-normalization';
import { type CheckpointArgs, checkpointBlock } from './checkpoint-layer';
import { dropPath } from './drop-path';
import { dropout } from './dropout';
import { portable } from './portable';
import { reLU } from './relu-layer';
import { separableConv2d } from './separable-conv2d';
import { expectNoLeak, wave } from './test-tools';
import { setTrainingStep } from './training-step';

beforeAll(() => tf.setBackend('cpu'));

/** A residual block, applied twice with statistics of its own each time, between two other layers. */
function network(make: (args: CheckpointArgs) => tfl.LayersModel): tfl.LayersModel {
  const own = tfl.input({ shape: [4, 4, 3] });
  const layers = [
    separableConv2d({ name: 'conv', filters: 3, kernelSize: 3, padding: 'same' }),
    batchNormalization({ name: 'bn', momentum: 0.5, activation: 'relu', applications: 2 }),
    dropout({ name: 'dropout', rate: 0.3, seed: 1 }),
    dropPath({ name: 'drop_path', rate: 0.3, seed: 2 }),
  ];
  const branch = layers.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, own);
  const block = make({ inputs: own, outputs: tfl.layers.add().apply([branch, own]) as never, name: 'block' });
  const x = tfl.input({ shape: [4, 4, 3] });
  const stem = reLU().apply(separableConv2d({ name: 'stem', filters: 3, kernelSize: 1 }).apply(x));
  const twice = block.apply(block.apply(stem)) as tfl.SymbolicTensor;
  const logits = tfl.layers.dense({ name: 'head', units: 2 }).apply(tfl.layers.flatten().apply(twice));
  const model = tfl.model({ inputs: x, outputs: logits as tfl.SymbolicTensor });
  tf.tidy(() => model.setWeights(model.getWeights().map((w, i) => tf.add(tf.abs(wave(w.shape, i)), 0.1))));
  return model;
}

const plain = () => network((args) => tfl.model(args));
const checkpointed = () => network(checkpointBlock);

/** The loss of a training step, the gradients of all weights in order, and the weights after it. */
function step(model: tfl.LayersModel): number[][] {
  return tf.tidy(() => {
    setTrainingStep(model, 5);
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(() => {
      const y = model.apply(wave([6, 4, 4, 3]), { training: true }) as tf.Tensor;
      return tf.sum(tf.mul(y, wave(y.shape, 3))) as tf.Scalar;
    }, variables);
    const results = [value, ...variables.map(({ name }) => grads[name]!), ...model.getWeights()];
    return results.map((t) => Array.from(t.dataSync()));
  });
}

describe('checkpointBlock', () => {
  it('trains as the block without it, to the bit: dropped values and moving statistics too', () => {
    const [actual, expected] = [step(checkpointed()), step(plain())];
    expect(actual).toEqual(expected);
    expect(expected.slice(1, 8).every((gradient) => gradient.some((value) => value !== 0))).toBe(true);
  });

  it('keeps less of the forward pass', () => {
    const held = (model: tfl.LayersModel) => {
      let count = 0;
      const loss = () => {
        const y = model.apply(wave([6, 4, 4, 3]), { training: true }) as tf.Tensor;
        count = tf.memory().numTensors;
        return tf.sum(y) as tf.Scalar;
      };
      const before = tf.memory().numTensors;
      tf.dispose(tf.variableGrads(loss));
      return count - before;
    };
    expect(held(checkpointed())).toBeLessThan(held(plain()));
  });

  it('predicts without recomputation, and holds on to no tensor', () => {
    const model = checkpointed();
    const x = wave([6, 4, 4, 3]);
    const prediction = model.predict(x) as tf.Tensor;
    expect(Array.from(prediction.dataSync())).toEqual(
      Array.from((plain().predict(x) as tf.Tensor).dataSync()),
    );
    step(model);
    expectNoLeak(() => step(model));
  });

  it('has the weights of its layers under their own names', () => {
    const [actual, expected] = [checkpointed(), plain()];
    const names = (model: tfl.LayersModel) => model.weights.map(({ originalName }) => originalName);
    expect(names(actual)).toEqual(names(expected));
    expect(names(actual)).toContain('conv/depthwise_kernel');
    expect(actual.trainableWeights).toHaveLength(expected.trainableWeights.length);
    actual.getLayer('block').trainable = false;
    expect(actual.trainableWeights.map(({ originalName }) => originalName.split('/')[0])).not.toContain(
      'conv',
    );
  });

  it.each([false, true])('is saved and loaded (portable: %s)', async (isPortable) => {
    const model = checkpointed();
    let artifacts: tf.io.ModelArtifacts | undefined;
    const handler = tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    if (!isPortable) {
      await model.save(handler);
      const loaded = await tfl.loadLayersModel(tf.io.fromMemory(artifacts!));
      expect(loaded.getLayer('block').getClassName()).toBe('XcpCheckpoint');
      expect(step(loaded)).toEqual(step(model));
      return;
    }
    // What plain TensorFlow.js lacks is refused within it too.
    await expect(model.save(portable(handler))).rejects.toThrow(/has no `activation` 'relu'/);
    const x = tfl.input({ shape: [2] });
    const dense = tfl.layers.dense({ units: 2 }).apply(x) as tfl.SymbolicTensor;
    const block = checkpointBlock({ inputs: x, outputs: dense });
    const small = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape: [2] }), block] });
    await small.save(portable(handler));
    expect(JSON.stringify(artifacts!.modelTopology)).not.toContain('Xcp');
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(artifacts!));
    const [a, b] = [loaded, small].map((m) => Array.from((m.predict(wave([3, 2])) as tf.Tensor).dataSync()));
    expect(a).toEqual(b);
  });

  it('frees its weights with the model', () => {
    const before = tf.memory().numTensors;
    const inputs = tfl.input({ shape: [2] });
    const outputs = tfl.layers.dense({ units: 2 }).apply(inputs) as tfl.SymbolicTensor;
    const x = tfl.input({ shape: [2] });
    const y = checkpointBlock({ inputs, outputs }).apply(x) as tfl.SymbolicTensor;
    tfl.model({ inputs: x, outputs: y }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('rejects bad arguments', () => {
    const inputs = tfl.input({ shape: [2] });
    expect(() => checkpointBlock({ inputs, outputs: [inputs, inputs] as never })).toThrow(
      'checkpointBlock: `outputs` must be one tensor, received [[null,2],[null,2]]; make a block of each',
    );
    expect(() => checkpointBlock({ inputs, output: inputs } as never)).toThrow(
      'checkpointBlock: unknown argument `output`; did you mean `outputs`?',
    );
  });
});
