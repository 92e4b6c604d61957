import { readdir } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { fakeDataSet } from './fake-data-set';
import { environment, expectFilled, expectWhole, packing } from './fake-environment';
import { serve } from './fake-server';
import { loadDataSet } from './load-data-set';
import { resolveSources } from './source';

/** The call of a file that fails as on a full disk, and the calls that are still to succeed before. */
const disk = vi.hoisted(() => ({ failing: '', successes: 0 }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open: typeof real.open = async (path, ...rest) => {
    const handle = await real.open(path, ...rest);
    if (!/\.fetching-|\.downloads/.test(String(path))) return handle;
    for (const name of ['write', 'writeFile', 'sync', 'truncate'] as const) {
      const call = handle[name].bind(handle) as (...args: unknown[]) => Promise<never>;
      Object.assign(handle, {
        [name]: async (...args: unknown[]) => {
          if (disk.failing === name && disk.successes-- <= 0) {
            throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC' });
          }
          return call(...args);
        },
      });
    }
    return handle;
  };
  return { ...real, open };
});

const full = (name: string, successes = 0) => Object.assign(disk, { failing: name, successes });

describe('a full disk', () => {
  it.each([
    ['npm', 'writeFile', 0],
    ['npm', 'writeFile', 1],
    ['npm', 'sync', 2],
    ['official', 'truncate', 0],
    ['official', 'write', 0],
    ['official', 'write', 2],
    ['official', 'writeFile', 1],
  ] as const)(
    'while loading from %s (%s, after %i) stops with what to do, and leaves whole files',
    async (kind, name, successes) => {
      let archive!: Uint8Array;
      const url = await serve(async (request, response) => {
        const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
        const range = start
          ? { 'content-range': `bytes ${start}-${archive.length - 1}/${archive.length}` }
          : {};
        response.writeHead(start ? 206 : 200, {
          etag: '"v1"',
          'content-length': archive.length - start,
          ...range,
        });
        for (let at = start; at < archive.length; at += 300) {
          response.write(archive.subarray(at, Math.min(at + 300, archive.length)));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        response.end();
      });
      const fake = await fakeDataSet(url);
      archive = fake.officialArchive;
      const env = await environment(fake, { npmPack: packing(fake.npmTarball) });
      const others = kind === 'npm' ? (['npm', 'official'] as const) : (['official', 'npm'] as const);
      const sources = await resolveSources({ sources: others });

      full(name, successes);
      await expect(loadDataSet(sources, env)).rejects.toThrow(
        `the cache folder must be writable, but ${env.cacheDir} is not (ENOSPC: no space left on device, ${name}); free space`,
      );
      // No other source would help, so none is asked.
      expect(new Set(env.progress.map(({ source }) => source))).toEqual(
        new Set(env.progress.length ? [kind] : []),
      );
      const left = (await readdir(env.cacheDir)).filter((name) => name !== '.downloads');
      expect(left).toEqual(fake.manifest.files.map((file) => file.name).slice(0, left.length));

      full('');
      expectWhole(await loadDataSet(sources, env), fake);
      await expectFilled(env.cacheDir, fake);
    },
  );
});
