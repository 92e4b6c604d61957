import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { allEngines } from './all-engines';
import { cpuEngine } from './cpu-engine';
import { slowEngineWarning } from './describe-engine';
import type { Probe } from './engine';
import { restoreNodeUtil } from './node-util';
import { probeTfjsNode, readReport } from './probe-tfjs-node';
import { tfjsNodeEngine } from './tfjs-node-engine';
import { xcpEngine, xcpWasmEngine } from './xcp-engine';

const load = () => import('../index');

const folder = mkdtempSync(join(tmpdir(), 'xcp-engines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const works = (detail: string): Probe => ({ available: true, detail });
const fails = (reason: string): Probe => ({ available: false, reason });

it('tries CUDA, then native xcp, then tfjs-node, then xcp in wasm, then plain JavaScript', () => {
  expect(allEngines(folder).map(({ name }) => name)).toEqual([
    'cuda',
    'webgpu',
    'xcp',
    'node',
    'xcp-wasm',
    'cpu',
  ]);
});

it('the wasm engine says what it runs on, and becomes the backend of TensorFlow.js', async () => {
  const probe = await xcpWasmEngine(load).probe();
  expect(probe).toMatchObject({
    available: true,
    detail: expect.stringMatching(/^WebAssembly kernels for the CPU, (simd128|relaxed-simd), \d+ threads?$/),
  });
  await xcpWasmEngine(load).activate();
  expect(tf.getBackend()).toBe('xcp-wasm');
  expect(tf.tidy(() => tf.add(1, 1).dataSync()[0])).toBe(2);
});

it('the native engine leaves wasm to the other, and says why it is passed over', async () => {
  vi.stubEnv('XCP_ISA', 'simd128');
  expect(await xcpEngine(load).probe()).toEqual({
    available: false,
    reason: 'the instruction set asked for is simd128',
  });
  vi.unstubAllEnvs();
});

it('the cpu engine becomes the backend of TensorFlow.js', async () => {
  await cpuEngine.activate();
  expect(tf.getBackend()).toBe('cpu');
});

it('says that cpu is slow, why the addon is not there, and what to install', () => {
  const warning = slowEngineWarning({
    name: 'cpu',
    detail: '',
    passedOver: [
      { name: 'xcp', reason: 'not built' },
      { name: 'xcp-wasm', reason: 'no SIMD' },
    ],
  });
  expect(warning).toMatch(/very slow.*not built.*no SIMD.*Install/);
  expect(warning).not.toContain('\n');
  expect(slowEngineWarning({ name: 'xcp', detail: '', passedOver: [] })).toBeUndefined();
});

describe('tfjs-node', () => {
  const library = (name: string, source: string) => {
    const file = join(folder, `${name}.cjs`);
    writeFileSync(file, source);
    return file;
  };
  /** What of tfjs-node the probe looks at. */
  const tfjsNode = (gpu: boolean) => `module.exports = {
    tidy: (f) => f(), add: (a, b) => ({ dataSync: () => [a + b] }),
    backend: () => ({ isUsingGpuDevice: ${gpu}, binding: { TF_Version: '2.9.1' } }),
  };`;

  it('is available where it loads and computes', async () => {
    const file = library('works', `console.log('chatter');${tfjsNode(false)}`);
    expect(await probeTfjsNode(file, false)).toEqual(works('TensorFlow 2.9.1 on the CPU'));
  });

  it('is no CUDA engine without a device', async () => {
    expect(await probeTfjsNode(library('no-gpu', tfjsNode(false)), true)).toEqual(
      fails('finds no CUDA device'),
    );
    expect(await probeTfjsNode(library('gpu', tfjsNode(true)), true)).toEqual(
      works('TensorFlow 2.9.1 on the GPU'),
    );
  });

  it('that crashes takes only the child along', async () => {
    const crash = library('crash', `process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 10000);`);
    expect(await probeTfjsNode(crash, false)).toEqual(
      fails('ends the process that loads it (signal SIGSEGV)'),
    );
    expect(await probeTfjsNode(library('exits', 'process.exit(7)'), false)).toEqual(
      fails('ends the process that loads it (exit code 7)'),
    );
  });

  it('that throws says why', async () => {
    const file = library('throws', `throw new Error('libtensorflow.so.2 is missing\\nRequire stack');`);
    expect(await probeTfjsNode(file, false)).toEqual(fails('does not load: libtensorflow.so.2 is missing'));
  });

  it('that hangs is given up', () => {
    expect(readReport('', { killed: true, signal: 'SIGTERM' }, false)).toEqual(
      fails('did not load within 60 s'),
    );
  });

  it('is looked for from the folder of the user', async () => {
    expect(await tfjsNodeEngine('cuda', folder).probe()).toEqual(
      fails('@tensorflow/tfjs-node-gpu is not installed'),
    );
    const home = join(folder, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'index.js'), tfjsNode(true));
    expect(await tfjsNodeEngine('cuda', folder).probe()).toEqual(works('TensorFlow 2.9.1 on the GPU'));
  });

  it('finds the functions that Node 23 took out of util', () => {
    restoreNodeUtil();
    const util = createRequire(import.meta.url)('node:util');
    expect(util.isNullOrUndefined(null)).toBe(true);
    expect(util.isNullOrUndefined(0)).toBe(false);
    expect(util.isArray([])).toBe(true);
  });
});
