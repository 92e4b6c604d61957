import * as tf from '@tensorflow/tfjs-core';
import { values } from '../../testing/values';
import { activateWebGpu } from '../index';

/** How far a result on WebGPU is from the cpu backend's, as a part of the largest value. */
export type Differences = Record<string, number>;

export type Computation = () => Record<string, tf.Tensor>;

export const filled = (shape: number[], seed = 1, dtype: 'float32' | 'int32' = 'float32') =>
  tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape, dtype);

async function on(backend: 'cpu' | 'webgpu', compute: Computation): Promise<Record<string, Float32Array>> {
  await useBackend(backend);
  const before = tf.memory().numTensors;
  const tensors = tf.tidy(compute);
  const entries = Object.entries(tensors);
  const read = await Promise.all(entries.map(async ([name, tensor]) => [name, await tensor.data()] as const));
  tf.dispose(tensors);
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${left} tensors are left on ${backend}`);
  return Object.fromEntries(read) as Record<string, Float32Array>;
}

let active = false;

/** Makes one of the two the backend, WebGPU on a software adapter. */
export async function useBackend(backend: 'cpu' | 'webgpu'): Promise<void> {
  if (backend === 'webgpu' && !active) await activateWebGpu({ software: true });
  active ||= backend === 'webgpu';
  await tf.setBackend(backend);
}

/** Computes on both, and says how far apart they are. */
export async function differences(cases: Record<string, Computation>): Promise<Differences> {
  const found: Differences = {};
  for (const [name, compute] of Object.entries(cases)) {
    const [expected, actual] = [await on('cpu', compute), await on('webgpu', compute)];
    for (const key of Object.keys(expected)) {
      found[`${name}: ${key}`] = difference(actual[key]!, expected[key]!);
    }
  }
  return found;
}

/** The largest difference, as a part of the largest value; NaN where one has NaN. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [worst, largest] = [actual.length === expected.length ? 0 : Number.NaN, 0];
  for (let i = 0; i < expected.length; i++) {
    const d = Math.abs(actual[i]! - expected[i]!);
    if (!(d <= worst)) worst = d;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return worst / Math.max(largest, 1e-30);
}
