import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { expectSame, itXcp, weightedSum } from '../testing/on-both';

interface Case {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  strides: number;
  pad: 'same' | 'valid';
  dilations?: number;
}

const CASES: Case[] = [
  { x: [2, 7, 5, 45], filter: [3, 3, 45, 1], strides: 1, pad: 'same' },
  { x: [1, 1, 1, 20], filter: [3, 3, 20, 1], strides: 1, pad: 'same' },
  { x: [2, 2, 2, 16], filter: [3, 3, 16, 1], strides: 1, pad: 'same' },
  { x: [1, 6, 7, 9], filter: [3, 3, 9, 1], strides: 1, pad: 'valid' },
  { x: [1, 33, 3, 70], filter: [3, 3, 70, 1], strides: 1, pad: 'same' },
  { x: [1, 7, 8, 5], filter: [3, 3, 5, 1], strides: 2, pad: 'same' },
  { x: [1, 6, 6, 3], filter: [5, 5, 3, 2], strides: 1, pad: 'same' },
  { x: [17, 4, 4, 3], filter: [3, 3, 3, 1], strides: 1, pad: 'same' },
  { x: [1, 9, 9, 4], filter: [3, 3, 4, 1], strides: 1, pad: 'same', dilations: 2 },
];

describe('depthwise convolution against the cpu backend', () => {
  for (const c of CASES) {
    const name = JSON.stringify(c);
    const conv = (x: tf.Tensor, f: tf.Tensor) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, c.strides, c.pad, 'NHWC', c.dilations ?? 1);
    itXcp(`forward ${name}`, () => expectSame([c.x, c.filter], conv));
    if (c.dilations) continue; // TensorFlow.js has no gradient for dilated depthwise convolution
    itXcp(`gradients ${name}`, () =>
      expectSame(
        [c.x, c.filter],
        (x, f) => {
          return tf.grads((a, b) => weightedSum(conv(a, b)))([x, f]);
        },
        { native: false },
      ),
    );
  }
});
