import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { Recorder } from './recorder.mjs';
import { profileRows, profileSummary } from './rows.mjs';

await tf.setBackend('cpu');
const calls = [];
const library = { callWith: (name, args) => calls.push([name, args]) };
const recorder = new Recorder('cpu', library);

it('counts calls, shapes and multiply-accumulates of products', () => {
  recorder.clear();
  const [a, b] = [tf.ones([2, 3]), tf.ones([3, 5])];
  const x = tf.ones([1, 4, 4, 2]);
  const filter = tf.ones([3, 3, 2, 7]);
  tf.matMul(a, b);
  tf.matMul(b, a, true, true);
  tf.grads((x, filter) => tf.conv2d(x, filter, 2, 'same'))([x, filter]);

  expect(recorder.byKernel.get('BatchMatMul')).toMatchObject({ calls: 2, macs: 2 * 3 * 5 + 5 * 2 * 3 });
  const conv = 2 * 2 * 7 * 9 * 2;
  for (const name of ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter']) {
    expect(recorder.byKernel.get(name)).toMatchObject({ calls: 1, macs: conv });
  }
  expect([...recorder.byShape.keys()]).toEqual(
    expect.arrayContaining(['BatchMatMul a 2×3, b 3×5 → 2×5', 'BatchMatMul a 3×5, b 2×3 → 5×2 aᵀ bᵀ']),
  );
  expect([...recorder.byShape.keys()]).toContain('Conv2D x 1×4×4×2, filter 3×3×2×7 → 1×2×2×7 /2');
});

it('passes native calls on, and tells their time from the JavaScript around them', () => {
  recorder.clear();
  calls.length = 0;
  library.call('matmul', 1, 2);
  expect(calls).toEqual([['matmul', [1, 2]]]);
  expect(recorder.byNative.get('matmul').calls).toBe(1);
});

it('divides a step into shares', () => {
  const times = { ms: 40, native: 30, macs: 1e9, calls: 2 };
  expect(profileRows(new Map([['Conv2D', times]]), 2, 25)).toEqual([
    { name: 'Conv2D', ms: 20, share: '80 %', calls: 1, 'JavaScript ms': 5, GFLOPS: 50 },
  ]);
  const summary = profileSummary({ byKernel: new Map([['Conv2D', times]]), native: 30 }, 2, 25);
  expect(summary).toMatchObject({
    nativeMs: 15,
    javaScriptInKernelsMs: 5,
    javaScriptAroundKernelsMs: 5,
    javaScriptShare: 0.4,
    gflops: 40,
    gflopsInProducts: 50,
  });
});
