import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import type { XceptionConfig } from '../config';

/** The network of fixtures/weights. */
export const small: XceptionConfig = {
  inputShape: [39, 39, 3],
  classes: 5,
  stem: { filters: [3, 4], strides: [2, 1], padding: 'valid' },
  entryFilters: [5, 6],
  middleBlocks: 1,
  exitFilters: [6, 7],
  finalFilters: [8],
};

/** A file of fixtures/weights, uncompressed. */
export function fixture(name: string): Uint8Array {
  const bytes = readFileSync(new URL(`../../fixtures/weights/${name}`, import.meta.url));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

/** What a model makes of the two images of the fixtures. */
export function logitsOf(model: tfl.LayersModel): number[][] {
  return tf.tidy(() => {
    const values = Float32Array.from({ length: 2 * 39 * 39 * 3 }, (_, i) => Math.sin(i * 0.37));
    return (model.predict(tf.tensor(values, [2, 39, 39, 3])) as tf.Tensor2D).arraySync();
  });
}

/** All weights of a model, one number behind the other. */
export function numbersOf(model: tfl.LayersModel): number[] {
  return tf.tidy(() => model.getWeights().flatMap((weight) => Array.from(weight.dataSync())));
}

/** Expects logits equal to 1e-4 of the greatest. */
export function expectLogits(actual: number[][], expected: number[][]): void {
  const greatest = Math.max(...expected.flat().map(Math.abs));
  const errors = actual.flatMap((row, i) => row.map((value, j) => Math.abs(value - expected[i]![j]!)));
  expect(errors).toHaveLength(expected.flat().length);
  expect(Math.max(...errors) / greatest).toBeLessThan(1e-4);
}

/** Gives every weight of a model or a layer a value of its own, variances positive ones. */
export function fill(model: tfl.layers.Layer, seed: number): void {
  tf.tidy(() => {
    model.setWeights(
      model.weights.map((weight, n) => {
        const size = tf.util.sizeFromShape(weight.shape as number[]);
        const values = Float32Array.from({ length: size }, (_, i) => Math.sin(seed + n * 7.1 + i * 1.3));
        const positive = /gamma|variance/.test(weight.name);
        return tf.tensor(
          values.map((value) => (positive ? 1 + value / 2 : value / 2)),
          weight.shape as number[],
        );
      }),
    );
  });
}
