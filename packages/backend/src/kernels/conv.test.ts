import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { expectSame, itXcp, weightedSum } from '../testing/on-both';

interface Case {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid' | number;
  dilations?: number;
}

// Sizes around the register tile (12 × 32), the row block and the depth block, odd maps, every stride and padding.
const CASES: Case[] = [
  { x: [2, 7, 5, 3], filter: [3, 3, 3, 8], strides: 2, pad: 'valid' },
  { x: [1, 8, 8, 4], filter: [3, 3, 4, 16], strides: 2, pad: 'same' },
  { x: [1, 9, 6, 5], filter: [3, 3, 5, 33], strides: 1, pad: 'same' },
  { x: [2, 5, 5, 13], filter: [1, 1, 13, 37], strides: 1, pad: 'same' },
  { x: [2, 5, 6, 13], filter: [1, 1, 13, 37], strides: 2, pad: 'same' },
  { x: [1, 4, 4, 390], filter: [1, 1, 390, 20], strides: 1, pad: 'valid' },
  { x: [3, 16, 12, 6], filter: [1, 1, 6, 48], strides: 1, pad: 'valid' },
  { x: [1, 9, 9, 2], filter: [2, 4, 2, 3], strides: [3, 2], pad: 'same' },
  { x: [1, 11, 10, 2], filter: [3, 3, 2, 4], strides: 1, pad: 'same', dilations: 2 },
  { x: [1, 3, 3, 2], filter: [3, 3, 2, 4], strides: 1, pad: 2 },
];

describe('convolution against the cpu backend', () => {
  for (const c of CASES) {
    const name = JSON.stringify(c);
    const conv = (x: tf.Tensor, f: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, c.strides, c.pad, 'NHWC', c.dilations ?? 1);
    itXcp(`forward ${name}`, () => expectSame([c.x, c.filter], conv));
    if (c.dilations) continue; // TensorFlow.js has no gradient for dilated convolution
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

  itXcp('fuses bias and ReLU', () =>
    expectSame([[2, 5, 5, 6], [1, 1, 6, 35], [35]], (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        bias: bias as tf.Tensor1D,
        strides: 1,
        pad: 'same',
        activation: 'relu',
      }),
    ),
  );
});

describe('matrix multiplication against the cpu backend', () => {
  for (const [m, k, n] of [
    [1, 1, 1],
    [5, 7, 3],
    [13, 400, 33],
    [200, 20, 40],
    [64, 65, 66],
  ] as const) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      itXcp(`${m}×${k}×${n} ${transposeA ? 'Aᵀ' : 'A'}·${transposeB ? 'Bᵀ' : 'B'}`, () =>
        expectSame([transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]], (a, b) =>
          tf.matMul(a, b, transposeA, transposeB),
        ),
      );
    }
  }
  itXcp('batches', () =>
    expectSame(
      [
        [3, 4, 5],
        [3, 5, 6],
      ],
      (a, b) => tf.matMul(a, b),
    ),
  );
  itXcp('uses one matrix for every batch', () =>
    expectSame(
      [
        [3, 4, 5],
        [1, 5, 6],
      ],
      (a, b) => tf.matMul(a, b),
    ),
  );
});
