import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { itXcp } from '../testing/on-both';
import { traced } from '../traced';

const attrs = { shape: [4, 6], seed: 445582767, call: 1, rate: 0.5 };
const maskOf = (step: tf.Tensor, more: object = {}) =>
  tf.engine().runKernel('XcpDropoutMask', { step }, { ...attrs, ...more }) as tf.Tensor;
const step = (n: number) => tf.scalar(n, 'int32');
const valuesOf = (t: tf.Tensor) => Array.from(t.dataSync());

describe('XcpDropoutMask', () => {
  itXcp('has the bits of the function in packages/layers/src/dropout-mask.ts', () => {
    const mask = maskOf(step(7));
    expect(mask.shape).toEqual([4, 6]);
    expect(valuesOf(mask).map(Math.sign).join('')).toBe('100001010101111111100100');
    expect(new Set(valuesOf(maskOf(step(7), { rate: 0.2 })))).toEqual(new Set([0, 1.25]));
  });

  itXcp('keeps all at rate 0, and makes empty masks', () => {
    expect(new Set(valuesOf(maskOf(step(1), { rate: 0 })))).toEqual(new Set([1]));
    expect(maskOf(step(1), { shape: [0, 3] }).shape).toEqual([0, 3]);
  });

  itXcp('reads the step when a traced function is run again', () => {
    let calls = 0;
    const fast = traced((step: tf.Tensor) => {
      calls++;
      return maskOf(step);
    });
    for (let n = 0; n < 6; n++) expect(valuesOf(fast(step(n)))).toEqual(valuesOf(maskOf(step(n))));
    expect(calls).toBe(2);
    fast.dispose();
  });

  itXcp('rejects what it cannot read', () => {
    expect(() => maskOf(tf.scalar(7))).toThrow('`step` must be one int32 value, received float32 []');
    expect(() => maskOf(step(7), { seed: -1 })).toThrow(
      '`seed` must be a whole number below 2³², received -1',
    );
    expect(() => maskOf(step(7), { call: 0.5 })).toThrow(
      '`call` must be a whole number below 2³², received 0.5',
    );
    expect(() => maskOf(step(7), { rate: 1 })).toThrow('`rate` must be at least 0 and below 1, received 1');
  });
});
