import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featureExtractor, xception } from '../index';
import { small } from '../weights/test-tools';

let model: tfl.LayersModel;
let shared: tfl.LayersModel;
beforeAll(async () => {
  await tf.setBackend('cpu');
  model = xception(small);
  shared = xception({ ...small, middleBlocks: 2, middleFlow: 'shared' });
});
afterAll(() => {
  model.dispose();
  shared.dispose();
});

const sourceOf = (extractor: tfl.LayersModel) => extractor.outputs.map((output) => output.sourceLayer.name);

describe('featureExtractor', () => {
  it('gives what the layers, the blocks and the last map give', () => {
    const extractor = featureExtractor(model, ['block1', 'block3', 'features', 'block4_sepconv2_bn']);
    expect(sourceOf(extractor)).toEqual([
      'block1_conv2_act',
      'block3_add',
      'block6_sepconv1_act',
      'block4_sepconv2_bn',
    ]);
    const image = tf.randomUniform([1, 39, 39, 3], -1, 1, 'float32', 7);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const outputs = extractor.predict(image) as tf.Tensor4D[];
      expect(outputs.map((output) => output.shape)).toEqual([
        [1, 17, 17, 4],
        [1, 5, 5, 6],
        [1, 3, 3, 8],
        [1, 5, 5, 6],
      ]);
      // What is behind the last map is the classifier's.
      const [kernel, bias] = model.getLayer('predictions').getWeights() as [tf.Tensor2D, tf.Tensor1D];
      const logits = tf.add(tf.matMul(tf.mean(outputs[2]!, [1, 2]), kernel), bias);
      const expected = (model.predict(image) as tf.Tensor).dataSync();
      logits.dataSync().forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 5);
      });
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('taps the blocks of a shared middle flow, each application for itself', () => {
    const extractor = featureExtractor(shared, ['block4', 'block5']);
    expect(sourceOf(extractor)).toEqual(['block4_add', 'block5_add']);
    tf.tidy(() => {
      const [first, second] = extractor.predict(tf.ones([1, 39, 39, 3])) as tf.Tensor[];
      expect(Array.from(first!.dataSync())).not.toEqual(Array.from(second!.dataSync()));
    });
  });

  it.each([
    [['block4_sepcon1'], 'no layer or block `block4_sepcon1`; did you mean `block4_sepconv1`?'],
    [['block9'], 'It has the blocks block1, block2, block3, block4, block5, block6, `features`'],
    [['feature'], 'did you mean `features`?'],
    [['block3', 'block3_add'], '`taps` must be different outputs, received `block3_add` again'],
    [[], '`taps` must be a list of names of layers or blocks, received []'],
    ['block3' as unknown as string[], 'must be a list of names of layers or blocks, received "block3"'],
  ])('rejects %j', (taps, message) => {
    expect(() => featureExtractor(model, taps)).toThrow(message);
  });

  it('says that a shared layer has no one output', () => {
    expect(() => featureExtractor(shared, ['block4_sepconv1'])).toThrow(
      'featureExtractor: layer `block4_sepconv1` is applied 2 times and has no one output; take a block',
    );
  });
});
