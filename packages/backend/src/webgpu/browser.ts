import type { Probe } from '../engines/engine';
import { activate } from './activate';
import type { TfjsWebGpu } from './backend';
import { examine } from './examine';
import type { WebGpuOptions } from './options';
import { ownGpu } from './own-gpu';

const NO_GPU =
  'this browser has no WebGPU (navigator.gpu), or the page is not served over https or from localhost';

/**
 * Tells whether WebGPU would train here and on what, or why not.
 *
 * @example
 * const probe = await probeWebGpu();
 * if (!probe.available) console.log(`no WebGPU: ${probe.reason}`);
 */
export async function probeWebGpu({ software = false }: WebGpuOptions = {}): Promise<Probe> {
  const gpu = ownGpu();
  return gpu ? examine(gpu, software) : { available: false, reason: NO_GPU };
}

/**
 * Makes WebGPU the backend of TensorFlow.js, under its name `webgpu`: with the limits of the adapter, and with kernels
 * of ours where TensorFlow.js's are slow in training.
 *
 * @example
 * await activateWebGpu();
 * tf.getBackend(); // 'webgpu'
 * @throws if there is no adapter, or only a software one without `software: true`.
 */
export async function activateWebGpu({ software = false }: WebGpuOptions = {}): Promise<void> {
  const gpu = ownGpu();
  if (!gpu) throw new Error(`webgpu: ${NO_GPU}`);
  await activate(gpu, software, loadTfjs);
}

async function loadTfjs(): Promise<TfjsWebGpu> {
  // A bundler that does not find a package only warns of it where the import stands in a `try`.
  try {
    return await import('@tensorflow/tfjs-backend-webgpu');
  } catch (error) {
    throw new Error('webgpu: @tensorflow/tfjs-backend-webgpu is not installed', { cause: error });
  }
}

export type { Probe } from '../engines/engine';
export type { WebGpuOptions } from './options';
