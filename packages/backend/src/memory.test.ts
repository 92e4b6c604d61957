import '@tensorflow/tfjs-layers'; // registers the gradients
import './index';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import type { XcpBackend } from './backend';
import { OutOfMemoryError } from './out-of-memory';
import { itXcp } from './testing/on-both';

const MIB = 2 ** 20;
let backend: XcpBackend;
let generous: number;

/** A test whose limit ends with it. */
function itLimited(name: string, test: () => void): void {
  itXcp(name, () => {
    backend = tf.backend() as XcpBackend;
    generous = backend.memoryLimit;
    try {
      test();
    } finally {
      backend.setMemoryLimit(generous);
    }
  });
}

/** What a failed step must leave as it was. */
const state = () => {
  const { numTensors, numDataBuffers } = tf.memory();
  return {
    numTensors,
    numDataBuffers,
    inUse: backend.memory().inUse,
    tape: tf.engine().state.activeTape ?? null,
  };
};

function network() {
  const filters = [
    tf.variable(tf.randomNormal([3, 3, 3, 8], 0, 0.1, 'float32', 1) as tf.Tensor4D),
    tf.variable(tf.randomNormal([3, 3, 8, 16], 0, 0.1, 'float32', 2) as tf.Tensor4D),
  ];
  /** One step of gradient descent, as a plain program would take it. */
  const train = (batch: number) =>
    tf.tidy(() => {
      const x = tf.fill<tf.Rank.R4>([batch, 32, 32, 3], 0.5);
      const { value, grads } = tf.variableGrads(() => {
        let y = x as tf.Tensor4D;
        for (const filter of filters) y = tf.relu(tf.conv2d(y, filter, 1, 'same'));
        return tf.mean(tf.square(y)) as tf.Scalar;
      }, filters);
      for (const filter of filters) filter.assign(tf.sub(filter, tf.mul(grads[filter.name]!, 0.1)));
      return value.dataSync()[0]!;
    });
  return { train, dispose: () => tf.dispose(filters) };
}

describe('memory of the backend', () => {
  itLimited('is reported by what it is', () => {
    const before = backend.memory();
    const x = tf.zeros([MIB]);
    const during = tf.memory() as tf.MemoryInfo & ReturnType<XcpBackend['memory']>;
    expect(during.inUse - before.inUse).toBe(4 * MIB);
    expect(during.cached).toBe(during.held - during.inUse);
    expect(during.peak).toBeGreaterThanOrEqual(during.inUse);
    expect(during.limit).toBe(generous);
    x.dispose();
    backend.resetPeak();
    expect(backend.memory().peak).toBe(before.inUse);
    backend.trim();
    expect(backend.memory()).toMatchObject({ cached: 0, scratch: 0 });
  });

  itLimited('rejects a limit that is no size', () => {
    expect(() => backend.setMemoryLimit(0)).toThrow(
      '`memoryLimit` must be a positive number of bytes, received 0',
    );
  });

  itLimited('goes on with a smaller batch after one that did not fit', () => {
    const { train, dispose } = network();
    train(2);
    const before = state();
    backend.trim();
    backend.setMemoryLimit(backend.memory().held + 24 * MIB);
    expect(() => train(256)).toThrow(OutOfMemoryError);
    expect(state()).toEqual(before);
    expect(train(16)).toBeGreaterThan(0);
    expect(state()).toEqual(before);
    dispose();
  });

  itLimited('is as before wherever in a step it ran out: forward, backward or update', () => {
    const { train, dispose } = network();
    train(128);
    const before = state();
    let failures = 0;
    let fitted = false;
    for (let room = MIB / 2; !fitted && room < 512 * MIB; room += 3 * MIB) {
      backend.trim();
      backend.setMemoryLimit(backend.memory().held + room);
      try {
        train(128);
        fitted = true;
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfMemoryError);
        expect((error as OutOfMemoryError).held).toBeLessThanOrEqual(backend.memoryLimit);
        failures++;
      }
      expect(state()).toEqual(before);
    }
    expect(fitted).toBe(true);
    expect(failures).toBeGreaterThan(5);
    dispose();
  });

  itLimited('counts the kernels’ scratch memory, and runs a kernel again when there is room for it', () => {
    const a = tf.ones<tf.Rank.R2>([600, 2048]);
    const b = tf.ones<tf.Rank.R2>([2048, 2048]);
    backend.trim();
    // Room for the product, but not for packed operands beside it.
    backend.setMemoryLimit(backend.memory().held + 6 * MIB);
    const before = state();
    expect(() => tf.matMul(a, b)).toThrow(/MiB for matmul's scratch .* limit /);
    expect(state()).toEqual(before);
    backend.setMemoryLimit(generous);
    const c = tf.matMul(a, b);
    expect(c.dataSync()[0]).toBe(2048);
    expect(backend.memory().scratch).toBeGreaterThan(16 * MIB);
    // Memory that is only cached makes way for scratch.
    backend.trim();
    const cached = tf.zeros([32 * MIB]);
    backend.setMemoryLimit(backend.memory().held + 8 * MIB);
    cached.dispose();
    expect(tf.matMul(a, b).dataSync()[1]).toBe(2048);
    tf.disposeVariables();
    tf.dispose([a, b, c]);
  });

  itLimited('serves whoever catches the error inside the function that is differentiated', () => {
    const x = tf.ones<tf.Rank.R1>([1000]);
    backend.trim();
    backend.setMemoryLimit(backend.memory().held + 8 * MIB);
    const before = state();
    const gradient = tf.grad((v) => {
      const y = tf.square(v);
      expect(() => tf.tidy(() => tf.zeros([64 * MIB]))).toThrow(OutOfMemoryError);
      return tf.sum(tf.mul(y, 3));
    })(x);
    expect(gradient.dataSync()[0]).toBe(6);
    gradient.dispose();
    expect(state()).toEqual(before);
    x.dispose();
  });
});
