import '@tensorflow/tfjs-layers'; // registers the gradients of all kernels
import '../index';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { XcpBackend } from '../backend';
import { backendStatus } from '../status';

const status = backendStatus();
if (!status.available) console.warn(`skipped: the xcp backend is not available: ${status.reason}`);

/** A test that needs the native addon; skipped, with the reason printed, where it could not be built. */
export const itNative = status.available ? it : it.skip;

/** Deterministic values in [-1, 1). */
export function values(size: number, seed = 1): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return (x - Math.floor(x)) * 2 - 1;
  });
}

export interface Run {
  outputs: number[][];
  shapes: number[][];
  /** Names of kernels that ran on TensorFlow.js's cpu kernels. */
  fallbacks: string[];
}

/** A tensor as plain data; float32 by default. */
export interface Plain {
  shape: number[];
  values: Float32Array | Int32Array | Uint8Array;
  dtype?: 'float32' | 'int32' | 'bool';
}

/** Runs `f` on a backend over tensors made from plain data, and reads what it returns. */
export async function runOn(
  backend: string,
  inputs: Plain[],
  f: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): Promise<Run> {
  await tf.setBackend(backend);
  const own = backend === 'xcp' ? (tf.backend() as XcpBackend).fallbacks : undefined;
  own?.clear();
  const before = tf.memory().numTensors;
  const tensors = inputs.map(({ shape, values, dtype }) => tf.tensor(values, shape, dtype ?? 'float32'));
  const result = tf.tidy(() => f(...tensors));
  const outputs = Array.isArray(result) ? result : [result];
  const run = {
    outputs: outputs.map((t) => Array.from(t.dataSync())),
    shapes: outputs.map((t) => t.shape),
    fallbacks: [...(own?.keys() ?? [])],
  };
  tf.dispose([...tensors, ...outputs]);
  expect(tf.memory().numTensors).toBe(before);
  return run;
}

/** Expects two lists of numbers to agree to `tolerance`, relative to the largest of them. */
export function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.filter(Number.isFinite).map(Math.abs));
  expected.forEach((value, i) => {
    const other = actual[i]!;
    if (Object.is(value, other) || value === other || (Number.isNaN(value) && Number.isNaN(other))) return;
    if (!(Math.abs(value - other) <= tolerance * scale)) {
      expect.fail(`element ${i}: expected ${value}, received ${other}`);
    }
  });
}

/** Runs `f` on `xcp` and on TensorFlow.js's cpu backend and expects the same shapes and values, natively. */
export async function expectSame(
  shapes: number[][],
  f: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
  options: { tolerance?: number; native?: boolean; values?: Float32Array[] } = {},
): Promise<void> {
  const inputs = shapes.map((shape, i) => ({
    shape,
    values: options.values?.[i] ?? values(tf.util.sizeFromShape(shape), i + 1),
  }));
  const expected = await runOn('cpu', inputs, f);
  const actual = await runOn('xcp', inputs, f);
  expect(actual.shapes).toEqual(expected.shapes);
  actual.outputs.forEach((output, i) => {
    expectClose(output, expected.outputs[i]!, options.tolerance);
  });
  if (options.native !== false) expect(actual.fallbacks).toEqual([]);
}

/** A sum in which every element of `y` has a weight of its own, so that no gradient is the same as another. */
export function weightedSum(y: tf.Tensor): tf.Scalar {
  const weights = tf.reshape(tf.sin(tf.range(0, y.size)), y.shape);
  return tf.sum(tf.mul(y, weights)) as tf.Scalar;
}
