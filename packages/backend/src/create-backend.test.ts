import './index';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect } from 'vitest';
import { createBackend } from './create-backend';
import { OutOfMemoryError } from './out-of-memory';
import { itNative } from './testing/on-both';

const MIB = 2 ** 20;

afterAll(() => tf.removeBackend('xcp'));

describe('createBackend', () => {
  itNative('makes a backend with options of its own', async () => {
    tf.removeBackend('xcp');
    const options = { library: 'native', threads: 3, memoryLimit: 40 * MIB, isa: 'baseline' } as const;
    const backend = createBackend(options);
    tf.registerBackend('xcp', () => backend);
    await tf.setBackend('xcp');
    expect(backend).toMatchObject({ threads: 3, memoryLimit: 40 * MIB });
    expect(backend.library.isa).toBe('baseline');
    const product = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]));
    expect(product.dataSync()[5]).toBe(64);
    expect(() => tf.zeros([16 * MIB])).toThrow(OutOfMemoryError);
  });

  itNative('rejects options out of their range', () => {
    const native = { library: 'native' } as const;
    expect(() => createBackend({ ...native, threads: 0 })).toThrow('received 0');
    expect(() => createBackend({ ...native, memoryLimit: -5 })).toThrow('received -5');
    expect(() => createBackend({ ...native, isa: 'mmx' })).toThrow('lacks the instruction set `mmx`');
  });
});
