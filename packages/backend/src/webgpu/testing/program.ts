// What a process of its own runs, bundled, on a software driver: computes on WebGPU and on the cpu backend, and prints
// one line with how they differ.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { probeWebGpu } from '../index';
import { type Differences, differences, filled, useBackend } from './compare';
import { kernelCases } from './kernel-cases';
import { type TrainingReport, training } from './training';

export interface Report {
  /** Why nothing was computed. */
  reason?: string;
  kernels: Differences;
  training: TrainingReport;
  /** What is said where the program asks for what WebGPU cannot do. */
  errors: Record<'readSync' | 'tooLarge' | 'invalid', string>;
}

const messageOf = async (act: () => unknown) => {
  try {
    await act();
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  }
};

async function errors(): Promise<Report['errors']> {
  await useBackend('webgpu');
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  const x = tf.tidy(() => tf.add(filled([2000]), 1));
  const readSync = await messageOf(() => x.dataSync());
  const { limits } = device;
  const small = { maxBufferSize: 1000, maxStorageBufferBindingSize: 1000 };
  const tooLarge = await messageOf(() => {
    Object.defineProperty(device, 'limits', { value: small, configurable: true });
    try {
      tf.tidy(() => tf.add(x, 1));
    } finally {
      Object.defineProperty(device, 'limits', { value: limits, configurable: true });
    }
  });
  device.createShaderModule({ code: 'not WGSL' });
  const invalid = await messageOf(() => tf.tidy(() => tf.add(x, 1)).data());
  x.dispose();
  return { readSync, tooLarge, invalid };
}

async function report(): Promise<Partial<Report>> {
  const probe = await probeWebGpu({ software: true });
  if (!probe.available) return { reason: probe.reason };
  tf.enableProdMode();
  return { kernels: await differences(kernelCases), training: await training(), errors: await errors() };
}

// Numbers that JSON does not know would become null, and null a small difference.
console.log(JSON.stringify(await report(), (_, value) => (Number.isNaN(value) ? 'NaN' : value)));
