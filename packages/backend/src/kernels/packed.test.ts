import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import type { Library, Values } from '../library';
import { expectClose, itXcp, useXcp, values } from '../testing/on-both';
import { dense } from './conv';
import { depthwiseKind } from './depthwise';
import type { Shape4 } from './geometry';

interface Case {
  x: Shape4;
  filter: Shape4;
  strides?: number;
  pad?: 'same' | 'valid';
  dilations?: number;
}

/** Runs kernels over arrays: `write` gives an array an address, `read` reads it. All is freed at the end. */
async function withLibrary<T>(
  use: (library: Library, write: (array: Values) => number, read: (address: number) => Float32Array) => T,
): Promise<T> {
  const { library } = await useXcp();
  const lengths = new Map<number, number>();
  const write = (array: Values) => {
    const address = library.reserve(array.byteLength);
    library.write(address, array);
    lengths.set(address, array.length);
    return address;
  };
  const read = (address: number) => {
    const array = new Float32Array(lengths.get(address)!);
    library.read(address, array);
    return array;
  };
  try {
    return use(library, write, read);
  } finally {
    for (const address of lengths.keys()) library.release(address);
  }
}

const convInfo = ({ x, filter, strides = 1, pad = 'same', dilations = 1 }: Case, depthwise = false) =>
  tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, 'floor', depthwise);

const packedSize = (k: number, n: number) => Math.ceil(n / 32) * 32 * k;

// Few rows and many, parts of panels and of vectors, several k-blocks, every kind of window.
const CASES: Case[] = [
  { x: [1, 1, 1, 7], filter: [1, 1, 7, 3] },
  { x: [1, 2, 2, 728], filter: [1, 1, 728, 728] },
  { x: [1, 4, 4, 390], filter: [1, 1, 390, 20] },
  { x: [2, 5, 5, 13], filter: [1, 1, 13, 37] },
  { x: [3, 9, 8, 30], filter: [1, 1, 30, 260] },
  { x: [4, 13, 11, 64], filter: [1, 1, 64, 128] },
  { x: [3, 16, 12, 6], filter: [1, 1, 6, 48], pad: 'valid' },
  { x: [2, 5, 6, 13], filter: [1, 1, 13, 37], strides: 2 },
  { x: [2, 33, 32, 10], filter: [1, 1, 10, 40], strides: 2 },
  { x: [2, 17, 17, 3], filter: [3, 3, 3, 32], strides: 2, pad: 'valid' },
  { x: [1, 27, 23, 32], filter: [3, 3, 32, 64], pad: 'valid' },
  { x: [1, 6, 6, 50], filter: [3, 3, 50, 33] },
  { x: [1, 9, 9, 2], filter: [2, 4, 2, 9], strides: 3 },
  { x: [1, 11, 10, 2], filter: [3, 3, 2, 4], dilations: 2 },
];

describe('convolution with a packed filter', () => {
  for (const c of CASES) {
    const [height, width, channels, n] = c.filter;
    const k = height * width * channels;
    const x = values(tf.util.sizeFromShape(c.x), 1);
    const filter = values(k * n, 2);
    const bias = values(n, 3);
    const conv = convInfo(c);
    const y = () => new Float32Array(tf.util.sizeFromShape(conv.outShape)).fill(Number.NaN);

    for (const activation of [0, 1, 2]) {
      for (const hasBias of [false, true]) {
        const name = `${JSON.stringify(c)}${hasBias ? ' + bias' : ''}, activation ${activation}`;
        itXcp(`gives the same bits as without packing: ${name}`, () =>
          withLibrary((library, write, read) => {
            const rest = [hasBias ? write(bias) : 0];
            const packed = write(new Float32Array(packedSize(k, n)));
            const [xAt, filterAt, expected, actual] = [write(x), write(filter), write(y()), write(y())];
            library.call('packFilter', filterAt, 0, packed, k, n);
            library.call('conv2d', xAt, filterAt, ...rest, expected, activation, ...dense.geometry(conv));
            library.call('conv2dPacked', xAt, packed, ...rest, actual, activation, ...dense.geometry(conv));
            expect(read(actual)).toEqual(read(expected));
          }),
        );
      }
    }

    itXcp(`multiplies output channels by their scale: ${JSON.stringify(c)}`, () =>
      withLibrary((library, write, read) => {
        const scale = values(n, 4);
        const scaled = filter.map((v, i) => v * scale[i % n]!);
        const [xAt, expected, actual] = [write(x), write(y()), write(y())];
        const packed = write(new Float32Array(packedSize(k, n)));
        library.call('packFilter', write(filter), write(scale), packed, k, n);
        library.call('conv2d', xAt, write(scaled), 0, expected, 0, ...dense.geometry(conv));
        library.call('conv2dPacked', xAt, packed, 0, actual, 0, ...dense.geometry(conv));
        expect(read(actual)).toEqual(read(expected));
      }),
    );
  }
});

describe('folding batch normalization into a convolution', () => {
  const epsilon = 1e-3;
  for (const [hasBias, hasOffset, hasGamma] of [
    [false, true, true],
    [true, true, true],
    [true, false, true],
    [false, true, false],
    [false, false, false],
  ]) {
    const name = `bias: ${hasBias}, offset: ${hasOffset}, gamma: ${hasGamma}`;
    itXcp(`gives what the layers one by one give (${name})`, () =>
      withLibrary((library, write, read) => {
        const [rows, k, n] = [29, 19, 45];
        const conv = convInfo({ x: [1, 1, rows, k], filter: [1, 1, k, n] });
        const x = write(values(rows * k, 1));
        const filter = write(values(k * n, 2));
        const mean = write(values(n, 3));
        const variance = write(values(n, 4).map(Math.abs));
        const offset = hasOffset ? write(values(n, 5)) : 0;
        const gamma = hasGamma ? write(values(n, 6)) : 0;
        const bias = hasBias ? write(values(n, 7)) : 0;
        const [y, expected, actual] = [0, 1, 2].map(() => write(new Float32Array(rows * n))) as [
          number,
          number,
          number,
        ];
        library.call('conv2d', x, filter, bias, y, 0, ...dense.geometry(conv));
        library.call('batchNormInference', y, mean, variance, offset, gamma, expected, rows, n, epsilon);

        const scale = write(new Float32Array(n));
        const shift = write(new Float32Array(n));
        const packed = write(new Float32Array(packedSize(k, n)));
        library.call('foldBatchNorm', mean, variance, offset, gamma, bias, scale, shift, n, epsilon);
        library.call('packFilter', filter, scale, packed, k, n);
        library.call('conv2dPacked', x, packed, shift, actual, 0, ...dense.geometry(conv));
        expectClose([...read(actual)], [...read(expected)]);
      }),
    );
  }
});

describe('depthwise convolution that rectifies what it reads', () => {
  for (const c of [
    { x: [2, 7, 5, 45], filter: [3, 3, 45, 1] },
    { x: [1, 6, 7, 9], filter: [3, 3, 9, 1], pad: 'valid' },
    { x: [1, 7, 8, 21], filter: [3, 3, 21, 1], strides: 2 },
    { x: [1, 6, 6, 3], filter: [5, 5, 3, 2] },
  ] as Case[]) {
    itXcp(JSON.stringify(c), () =>
      withLibrary((library, write, read) => {
        const conv = convInfo(c, true);
        const x = values(tf.util.sizeFromShape(c.x), 1);
        x[5] = Number.NaN;
        const [xAt, rectified, filter] = [
          write(x),
          write(x),
          write(values(tf.util.sizeFromShape(c.filter), 2)),
        ];
        const y = new Float32Array(tf.util.sizeFromShape(conv.outShape));
        const [expected, actual] = [write(y), write(y)];
        library.call('relu', xAt, rectified, x.length);
        library.call('depthwise', rectified, filter, expected, ...depthwiseKind.geometry(conv), 0);
        library.call('depthwise', xAt, filter, actual, ...depthwiseKind.geometry(conv), 1);
        expect(read(expected).some(Number.isNaN)).toBe(true);
        expect(read(actual)).toEqual(read(expected));
      }),
    );
  }
});
