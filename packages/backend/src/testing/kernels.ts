import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { expectClose, type Plain, useXcp } from './on-both';

/** Inputs of a kernel by name, or in order for those that take a list. */
export type Inputs = Record<string, Plain> | Plain[];

export interface Output {
  shape: number[];
  dtype: string;
  values: number[];
}

const toTensor = ({ shape, values, dtype }: Plain) => tf.tensor(values, shape, dtype ?? 'float32');

/** Runs one kernel by its name on a backend (`xcp`: the one under test); expects it to leave no tensor behind. */
export async function runKernel(
  backend: 'xcp' | 'cpu',
  name: string,
  inputs: Inputs,
  attrs: object = {},
): Promise<Output[]> {
  if (backend === 'xcp') await useXcp();
  else await tf.setBackend(backend);
  const before = tf.engine().backend.numDataIds();
  const outputs = tf.tidy(() => {
    const tensors = Array.isArray(inputs)
      ? inputs.map(toTensor)
      : Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, toTensor(input)]));
    const result = tf.engine().runKernel(name, tensors as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
    const list = (Array.isArray(result) ? result : [result]) as tf.Tensor[];
    return list.map((t) => ({ shape: t.shape, dtype: t.dtype, values: Array.from(t.dataSync()) }));
  });
  expect(tf.engine().backend.numDataIds(), `${name} leaves no data`).toBe(before);
  return outputs;
}

export interface CompareOptions {
  /** Relative to the largest value. Default 1e-6. */
  tolerance?: number;
  /** Whether it must run in native code. Default true. */
  native?: boolean;
}

/** Expects a kernel to give on `xcp` what it gives on TensorFlow.js's cpu backend. */
export async function expectSameKernel(
  name: string,
  inputs: Inputs,
  attrs: object = {},
  { tolerance = 1e-6, native = true }: CompareOptions = {},
): Promise<void> {
  const expected = await runKernel('cpu', name, inputs, attrs);
  const { fallbacks } = await useXcp();
  fallbacks.clear();
  const actual = await runKernel('xcp', name, inputs, attrs);
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  expect(actual.map(({ dtype }) => dtype)).toEqual(expected.map(({ dtype }) => dtype));
  actual.forEach(({ values }, i) => {
    expectClose(values, expected[i]!.values, tolerance);
  });
  if (native) expect([...fallbacks.keys()]).toEqual([]);
}
