import type { TensorInfo } from '@tensorflow/tfjs-core';
import { areOf, kernel, sizeOf } from './kernel';

interface DropoutMaskAttrs {
  shape: number[];
  /** Unsigned, of 32 bits. */
  seed: number;
  /** Which mask of the step it is, from 0. */
  call: number;
  /** In [0, 1). */
  rate: number;
}

const isWord = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 32;

export const dropoutKernels = [
  // 0 with probability `rate`, else 1 / (1 − rate); a function of (seed, step, call, index).
  kernel<{ step: TensorInfo }, DropoutMaskAttrs>(
    'XcpDropoutMask',
    ({ inputs: { step }, attrs: { shape, seed, call, rate }, backend }) => {
      if (!areOf('int32', step) || sizeOf(step) !== 1) {
        throw new Error(
          `XcpDropoutMask: \`step\` must be one int32 value, received ${step.dtype} [${step.shape}]`,
        );
      }
      for (const [name, value] of Object.entries({ seed, call })) {
        if (isWord(value)) continue;
        throw new Error(`XcpDropoutMask: \`${name}\` must be a whole number below 2³², received ${value}`);
      }
      if (!(rate >= 0 && rate < 1)) {
        throw new Error(`XcpDropoutMask: \`rate\` must be at least 0 and below 1, received ${rate}`);
      }
      const mask = backend.output(shape, 'float32');
      backend.library.call(
        'dropoutMask',
        backend.address(step),
        backend.address(mask),
        sizeOf(mask),
        seed,
        call,
        Math.ceil(rate * 2 ** 24),
        1 / (1 - rate),
      );
      return mask;
    },
  ),
];
