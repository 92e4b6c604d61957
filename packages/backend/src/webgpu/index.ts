import type { Probe } from '../engines/engine';
import { activate } from './activate';
import type { TfjsWebGpu } from './backend';
import { examine } from './examine';
import { examineInChild } from './examine-in-child';
import { installGpu } from './node-gpu';
import { optionalPackage } from './optional-packages';
import type { WebGpuOptions } from './options';
import { ownGpu } from './own-gpu';

const TFJS = '@tensorflow/tfjs-backend-webgpu';

/**
 * Tells whether WebGPU would train here and on what, or why not. Never throws and changes nothing in this process;
 * drivers are tried in a child process where the runtime has no WebGPU of its own.
 *
 * @example
 * const probe = await probeWebGpu();
 * if (!probe.available) console.log(`no WebGPU: ${probe.reason}`);
 */
export async function probeWebGpu({ cwd, software = false }: WebGpuOptions = {}): Promise<Probe> {
  const from = cwd ?? process.cwd();
  if (optionalPackage(TFJS, from) === null) return { available: false, reason: `${TFJS} is not installed` };
  const gpu = ownGpu();
  if (gpu) return examine(gpu, software);
  const dawn = optionalPackage('webgpu', from);
  return dawn === null ? { available: false, reason: NO_GPU } : examineInChild(dawn, software);
}

/**
 * Makes WebGPU the backend of TensorFlow.js, under its name `webgpu`: with the limits of the adapter, and with kernels
 * of ours where TensorFlow.js's are slow in training. Where the runtime has no WebGPU, that of the npm package `webgpu`
 * is put into `navigator.gpu`.
 *
 * @example
 * await activateWebGpu();
 * tf.getBackend(); // 'webgpu'
 * @throws if there is no adapter, only a software one without `software: true`, or a package is not installed.
 */
export async function activateWebGpu({ cwd, software = false }: WebGpuOptions = {}): Promise<void> {
  const from = cwd ?? process.cwd();
  const tfjs = optionalPackage(TFJS, from);
  if (tfjs === null) throw new Error(`webgpu: ${TFJS} is not installed`);
  await activate(await gpuFrom(from), software, () => loadTfjs(tfjs));
}

const NO_GPU =
  'this runtime has no WebGPU of its own (navigator.gpu), and the npm package webgpu is not installed';

async function gpuFrom(cwd: string): Promise<GPU> {
  const gpu = ownGpu();
  if (gpu) return gpu;
  const dawn = optionalPackage('webgpu', cwd);
  if (dawn === null) throw new Error(`webgpu: ${NO_GPU}`);
  return installGpu(dawn);
}

/** A module of the older kind, whose names Node does not all find. */
async function loadTfjs(url: string): Promise<TfjsWebGpu> {
  const module = (await import(/* @vite-ignore */ url)) as TfjsWebGpu & { default?: TfjsWebGpu };
  return module.WebGPUBackend ? module : module.default!;
}

export type { Probe } from '../engines/engine';
export type { WebGpuOptions } from './options';
