import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backendStatus, createBackend } from './browser';

const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Everything that a source file leads to: our files, and what they import from elsewhere. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, type, from] of text.matchAll(/^(?:import|export)( type)?(?: [^;'()=]* from)? '([^']+)';/gm)) {
    if (type) continue;
    if (from!.startsWith('.')) importsOf(`${join(dirname(file), from!)}.ts`, seen);
    else seen.add(from!);
  }
  return seen;
}

describe('the entry for browsers', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('leads to nothing of Node and not to the addon', () => {
    const imports = importsOf(source('browser.ts'));
    expect([...imports].filter((name) => !name.startsWith('/')).sort()).toEqual([
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-core',
    ]);
    expect(imports).toContain(source('wasm/library.ts'));
    expect(imports).not.toContain(source('native.ts'));
    // The other entry does, so the search above finds what there is.
    expect(importsOf(source('index.ts'))).toContain(source('native.ts'));
  });

  it('has engines of its own, which lead to nothing of Node either', () => {
    const imports = importsOf(source('engines/browser.ts'));
    expect([...imports].filter((name) => !name.startsWith('/'))).toEqual(['@tensorflow/tfjs-core']);
    expect(importsOf(source('engines/index.ts'))).toContain('node:child_process');
  });

  it('computes on one thread where the page is not isolated', async () => {
    vi.stubGlobal('fetch', async (url: URL) => {
      const bytes = readFileSync(url);
      return { ok: true, arrayBuffer: async () => bytes };
    });
    expect(backendStatus()).toMatchObject({ available: true, library: 'wasm', threads: 1 });
    expect(await tf.setBackend('xcp')).toBe(true);
    expect(tf.tidy(() => tf.sum(tf.square(tf.range(0, 5))).dataSync()[0])).toBe(30);
  });

  it('has threads where it is isolated', () => {
    vi.stubGlobal('crossOriginIsolated', true);
    vi.stubGlobal('navigator', { hardwareConcurrency: 3 });
    expect(backendStatus()).toMatchObject({ available: true, threads: 3 });
  });

  it('says which file is not served', async () => {
    vi.stubGlobal('fetch', async () => ({ ok: false, status: 404 }));
    await expect(createBackend()).rejects.toThrow(/xcp-(simd|relaxed)\.wasm is not served \(status 404\)/);
  });

  it('rejects a limit that is no size', async () => {
    await expect(createBackend({ memoryLimit: -1 })).rejects.toThrow('received -1');
  });
});
