import '@tensorflow/tfjs-layers'; // registers the gradients of all kernels
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { XcpBackend } from '../backend';
import { backendStatus } from '../index';
import { type BackendName, backendNames } from '../register';
import { values } from './values';

export { values };

const status = backendStatus();
const native = status.available && status.library === 'native';
if (!native) console.warn('the native kernels are not there: only their wasm build is tested');

/** Our backends that can run here. */
export const testedBackends: readonly BackendName[] = native ? backendNames : ['xcp-wasm'];

/** The backend under test: native kernels or their wasm build. */
let current: BackendName = 'xcp';

/** Makes the backend under test the one in use. */
export async function useXcp(): Promise<XcpBackend> {
  await tf.setBackend(current);
  return tf.backend() as XcpBackend;
}

/** A test of the native addon; skipped where it is not built. */
export const itNative = native ? it : it.skip;

/** A test of our kernels, run on their native build (where there is one) and on their wasm build. */
export function itXcp(name: string, test: () => unknown): void {
  for (const backend of testedBackends) {
    it(`${name} (${backend})`, async () => {
      current = backend;
      await useXcp();
      await test();
    });
  }
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

/** Runs `f` on a backend (`xcp`: the one under test) over tensors made from plain data, and reads what it returns. */
export async function runOn(
  backend: string,
  inputs: Plain[],
  f: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): Promise<Run> {
  if (backend === 'xcp') await useXcp();
  else await tf.setBackend(backend);
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
