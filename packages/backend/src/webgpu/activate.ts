import * as tf from '@tensorflow/tfjs-core';
import { createWebGpuBackend, type TfjsWebGpu } from './backend';
import { openDevice } from './device';
import { findAdapter } from './find-adapter';
import { registerKernels } from './kernels/index';

const BACKEND = 'webgpu';

/**
 * Makes `webgpu` TensorFlow.js's backend, on an adapter of this `gpu`. Where it runs already it stays, for there may be
 * tensors.
 */
export async function activate(gpu: GPU, software: boolean, load: () => Promise<TfjsWebGpu>): Promise<void> {
  if (!tf.engine().registry[BACKEND]) await open(gpu, software, load);
  registerKernels();
  if (!(await tf.setBackend(BACKEND))) throw new Error('webgpu: the backend could not be initialized');
}

async function open(gpu: GPU, software: boolean, load: () => Promise<TfjsWebGpu>): Promise<void> {
  const found = await findAdapter(gpu, software);
  if ('reason' in found) throw new Error(`webgpu: ${found.reason}`);
  const device = await openDevice(found.adapter);
  const module = await load();
  // The types are older than the standard.
  const { info } = found.adapter as unknown as { info: GPUAdapterInfo };
  // In place of the factory that TensorFlow.js registered: it asks for an adapter and for limits of its own.
  if (tf.findBackendFactory(BACKEND)) tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, () => createWebGpuBackend(module, device, info), 3);
}
