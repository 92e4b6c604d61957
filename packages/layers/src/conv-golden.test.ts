import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import kerasExamples from '../fixtures/conv-keras.json';
import torchExamples from '../fixtures/conv-torch.json';
import { type ConvGolden, expectGolden, factories } from './conv-test-tools';
import { fromKerasConfig, type KerasLayerConfig } from './from-keras-config';

beforeAll(() => tf.setBackend('cpu'));

type Keras = ConvGolden & { layer: KerasLayerConfig };
type Torch = ConvGolden & { layer: keyof typeof factories; args: object };
const keras = Object.entries(kerasExamples as unknown as Record<string, Keras>);
const torch = Object.entries(torchExamples as unknown as Record<string, Torch>);

describe('against Keras, from the config that it wrote', () => {
  it.each(keras)('%s', (_, example) => {
    const outside = tf.memory().numTensors;
    tf.tidy(() => {
      const layer = fromKerasConfig(example.layer);
      expect(layer.name).toBe(example.layer.config.name);
      expectGolden(layer, example);
      tf.dispose(layer.getWeights());
    });
    expect(tf.memory().numTensors).toBe(outside);
  });
});

describe('against PyTorch, padded symmetrically', () => {
  it.each(torch)('%s', (_, example) => {
    const make = factories[example.layer] as (args: object) => tfl.layers.Layer;
    tf.tidy(() => {
      const layer = make(example.args);
      expectGolden(layer, example);
      tf.dispose(layer.getWeights());
    });
  });
});
