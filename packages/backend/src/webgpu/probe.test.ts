import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import * as browser from './browser';
import { openDevice } from './device';
import { examine } from './examine';
import { examineInChild } from './examine-in-child';
import { findAdapter } from './find-adapter';
import { activateWebGpu, probeWebGpu } from './index';

const folder = mkdtempSync(join(tmpdir(), 'xcp-webgpu-probe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllGlobals());

const fails = (reason: string) => ({ available: false, reason });

/** A `navigator.gpu` with these adapters. */
function gpuWith(hardware: object | null, software: object | null = null): GPU {
  const requestAdapter = async (options: GPURequestAdapterOptions = {}) =>
    options.forceFallbackAdapter ? software : hardware;
  return { requestAdapter } as unknown as GPU;
}

const geforce = { info: { vendor: 'nvidia', architecture: 'ampere', description: 'GeForce' } };
const swiftshader = { info: { vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true } };
const llvmpipe = { info: { vendor: '', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } };

describe('the adapter', () => {
  it('is the GPU', async () => {
    expect(await findAdapter(gpuWith(geforce), false)).toEqual({ adapter: geforce, detail: 'GeForce' });
  });

  it('is one in software on request alone', async () => {
    for (const [adapter, name] of [
      [swiftshader, 'swiftshader'],
      [llvmpipe, 'llvmpipe (LLVM 15.0.6, 256 bits)'],
    ] as const) {
      expect(await findAdapter(gpuWith(adapter, adapter), false)).toEqual({
        reason: `finds only an adapter that computes on the CPU (${name}), which is used on request alone`,
      });
      expect(await findAdapter(gpuWith(adapter, null), true)).toEqual({
        adapter,
        detail: `${name}, in software`,
      });
    }
    expect(await findAdapter(gpuWith(geforce, swiftshader), true)).toMatchObject({ adapter: swiftshader });
    expect(await findAdapter(gpuWith(geforce), true)).toEqual({
      reason: 'finds no software adapter, only GeForce',
    });
  });

  it('of an older standard says by itself that it is only software', async () => {
    const old = { isFallbackAdapter: true };
    expect(await findAdapter(gpuWith(old), false)).toMatchObject({
      reason: expect.stringContaining('on the CPU'),
    });
  });

  it('that is not there, or breaks, gives a reason', async () => {
    expect(await examine(gpuWith(null), false)).toEqual(
      fails('finds no adapter: no GPU, or no driver for Vulkan, Metal or Direct3D 12'),
    );
    const requestDevice = async () => {
      throw new Error('device lost.\nat Dawn');
    };
    expect(await examine(gpuWith({ ...geforce, requestDevice }), false)).toEqual(
      fails('does not work: device lost'),
    );
  });

  it('gives a device with all that it allows', async () => {
    let asked: GPUDeviceDescriptor | undefined;
    await openDevice({
      limits: { maxBufferSize: 5e9, maxStorageBuffersPerShaderStage: 16 },
      features: new Set(['timestamp-query', 'shader-f16']),
      requestDevice: async (descriptor: GPUDeviceDescriptor) => {
        asked = descriptor;
      },
    } as unknown as GPUAdapter);
    expect(asked).toEqual({
      requiredLimits: { maxBufferSize: 5e9, maxStorageBuffersPerShaderStage: 16 },
      requiredFeatures: ['timestamp-query'],
    });
  });
});

describe('the npm package webgpu', () => {
  const dawn = (name: string, create: string) => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, `export const globals = {}; export const create = () => { ${create} };`);
    return pathToFileURL(file).href;
  };

  it('that crashes takes only the child along', async () => {
    const url = dawn('crash', `process.kill(process.pid, 'SIGSEGV'); return new Promise(() => {});`);
    expect(await examineInChild(url, false)).toEqual(
      fails('its driver ends the process that uses it (signal SIGSEGV)'),
    );
    expect(await examineInChild(dawn('exits', 'process.exit(7)'), false)).toEqual(
      fails('its driver ends the process that uses it (exit code 7)'),
    );
  });

  it('that throws or finds nothing says why', async () => {
    const url = dawn('throws', `throw new Error('GLIBC_2.38 not found\\nby dawn.node')`);
    expect(await examineInChild(url, false)).toEqual(fails('does not work: GLIBC_2.38 not found'));
    const none = dawn('none', 'return { requestAdapter: async () => null }');
    expect(await examineInChild(none, false)).toEqual(
      fails('finds no adapter: no GPU, or no driver for Vulkan, Metal or Direct3D 12'),
    );
  });

  it('that hangs is given up', async () => {
    const url = dawn('hangs', 'for (;;);');
    expect(await examineInChild(url, false, 1000)).toEqual(fails('did not answer within 1 s'));
  });

  it('is looked for from the folder of the user, and told the wish for software', async () => {
    const home = join(folder, 'node_modules', 'webgpu');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{ "main": "index.mjs" }');
    const adapter = `{ info: { description: software ? 'SwiftShader' : 'Ours' }, requestDevice() { throw new Error('no device') } }`;
    writeFileSync(
      join(home, 'index.mjs'),
      `export const create = () => ({ requestAdapter: async ({ forceFallbackAdapter: software }) => (${adapter}) });`,
    );
    expect(await probeWebGpu({ cwd: folder })).toEqual(fails('does not work: no device'));
    writeFileSync(
      join(home, 'index.mjs'),
      'export const create = () => ({ requestAdapter: async () => null });',
    );
    expect(await probeWebGpu({ cwd: folder })).toEqual(
      fails('finds no adapter: no GPU, or no driver for Vulkan, Metal or Direct3D 12'),
    );
  });
});

describe('activation', () => {
  it('throws the reason, and leaves the backend as it was', async () => {
    vi.stubGlobal('navigator', { gpu: gpuWith(swiftshader) });
    await tf.setBackend('cpu');
    await expect(activateWebGpu()).rejects.toThrow(
      'webgpu: finds only an adapter that computes on the CPU (swiftshader), which is used on request alone',
    );
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.findBackendFactory('webgpu')).toBeNull();
  });

  it('in a browser without WebGPU says so', async () => {
    vi.stubGlobal('navigator', {});
    const reason =
      'this browser has no WebGPU (navigator.gpu), or the page is not served over https or from localhost';
    expect(await browser.probeWebGpu()).toEqual(fails(reason));
    await expect(browser.activateWebGpu()).rejects.toThrow(`webgpu: ${reason}`);
  });
});

it('the entry for browsers leads to nothing of Node', () => {
  const seen = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)(?! type)[^;']*'([^']+)';/gm,
    )) {
      if (!from!.startsWith('.')) seen.add(from!);
      else follow(`${join(dirname(file), from!)}.ts`);
    }
  };
  follow(fileURLToPath(new URL('browser.ts', import.meta.url)));
  const packages = [...seen].filter((name) => !name.startsWith('/'));
  expect(packages.sort()).toEqual(['@tensorflow/tfjs-core']);
  expect([...seen].some((name) => name.endsWith('batch-norm-train.ts'))).toBe(true);
});
