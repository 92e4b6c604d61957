import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeDataSet, fakeDataSet, fixture, hash, tarGz, temporaryFolder } from './fake-data-set';
import { environment, expectFilled, expectWhole, fill } from './fake-environment';
import { serve } from './fake-server';
import { loadDataSet } from './load-data-set';
import { resolveSources } from './source';
import { tarMembers } from './tar-members';

/** A folder with the Python batches as they are unpacked. */
async function pythonFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const archive = join(await temporaryFolder(), 'archive.tar.gz');
  await writeFile(archive, fixture('cifar-10-python.tar.gz'));
  for await (const { name, bytes } of tarMembers(archive, () => 2 ** 20)) {
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

async function parquetFolder({ parquet }: FakeDataSet): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'plain_text'));
  await writeFile(join(folder, 'plain_text', 'train-00000-of-00001.parquet'), parquet.train);
  await writeFile(join(folder, 'plain_text', 'test-00000-of-00001.parquet'), parquet.test);
  return folder;
}

/** A server with every file of the data set beside the official archive. */
async function serveAll(): Promise<FakeDataSet> {
  const files = new Map<string, Uint8Array>();
  const url = await serve((request, response) => {
    const bytes = files.get(request.url!);
    if (bytes) response.end(bytes);
    else response.writeHead(404).end();
  });
  const fake = await fakeDataSet(url);
  const { manifest, officialArchive, pythonArchive, parquet } = fake;
  const all = [manifest.archive, manifest.pythonArchive, ...manifest.parquet];
  const bytes = [officialArchive, pythonArchive, parquet.train, parquet.test];
  for (const [i, { url }] of all.entries()) files.set(new URL(url).pathname, bytes[i]!);
  return fake;
}

describe('every form', () => {
  it.each(['official', 'official-python', 'huggingface'] as const)(
    'gives the same bytes from %s',
    async (kind) => {
      const fake = await serveAll();
      const env = await environment(fake);
      expectWhole(await loadDataSet([{ kind }], env), fake);
      await expectFilled(env.cacheDir, fake);
      expect(new Set(env.progress.map(({ source }) => source))).toEqual(new Set([kind]));
    },
  );

  it('gives the same bytes from a folder or an archive that the user names', async () => {
    const fake = await serveAll();
    const archive = join(await temporaryFolder(), 'a');
    await writeFile(archive, fake.pythonArchive);
    const unpacked = await pythonFolder();
    const around = await temporaryFolder();
    await mkdir(join(around, 'cifar-10-batches-py'));
    for (const name of await readdir(unpacked)) {
      await writeFile(join(around, 'cifar-10-batches-py', name), '');
    }
    for (const source of [
      archive,
      { archive },
      unpacked,
      await parquetFolder(fake),
      fake.manifest.pythonArchive.url,
    ]) {
      const env = await environment(fake);
      expectWhole(await loadDataSet(await resolveSources({ source }), env), fake);
      await expectFilled(env.cacheDir, fake);
    }
    const env = await environment(fake);
    const empty = loadDataSet(await resolveSources({ source: around }), env);
    await expect(empty).rejects.toThrow(/cifar-10-batches-py.data_batch_1: it is no pickle of CIFAR/);
    expect(await readdir(env.cacheDir)).toEqual([]);
  });

  it('takes each parquet file for what it has', async () => {
    const fake = await serveAll();
    const env = await environment(fake);
    const [train, test] = fake.manifest.parquet.map(({ url }) => url);
    expectWhole(await loadDataSet(await resolveSources({ sources: [train!, test!] }), env), fake);
    expect(env.progress.find(({ phase }) => phase === 'failed')?.message).toBe(
      'it must hold test_batch.bin, and does not',
    );
  });

  it('downloads only the parquet file that is needed', async () => {
    const fake = await serveAll();
    const env = await environment(fake);
    await fill(env.cacheDir, fake);
    await writeFile(join(env.cacheDir, 'test_batch.bin'), '');
    expectWhole(await loadDataSet([{ kind: 'huggingface' }], env), fake);
    const urls = env.progress.filter(({ phase }) => phase === 'download').map(({ message }) => message);
    expect(new Set(urls)).toEqual(new Set([fake.manifest.parquet[1]!.url]));
  });

  it('prefers .bin files where a folder has several forms', async () => {
    const fake = await fakeDataSet();
    const folder = await pythonFolder();
    await fill(folder, fake);
    expect(await resolveSources({ source: folder })).toEqual([
      { kind: 'directory', form: 'binary', path: folder },
    ]);
  });
});

describe('a copy in another form', () => {
  it('is refused where its images are others', async () => {
    const fake = await serveAll();
    const files = fake.manifest.files.map((file) => ({ ...file, sha256: hash('sha256', new Uint8Array(1)) }));
    const env = await environment(fake, { manifest: { ...fake.manifest, files } });
    await expect(loadDataSet([{ kind: 'official-python' }], env)).rejects.toThrow(
      /test_batch\.bin must have the SHA-256/,
    );
    await expect(loadDataSet([{ kind: 'huggingface' }], env)).rejects.toThrow(
      'the rows from 0 on are no file of the data set',
    );
    expect((await readdir(env.cacheDir)).filter((name) => name.endsWith('.bin'))).toEqual([]);
  });

  it('is refused where it wants something executed', async () => {
    const fake = await fakeDataSet();
    const archive = join(await temporaryFolder(), 'archive.tar.gz');
    await writeFile(archive, await tarGz([['cifar-10-batches-py/test_batch', 'cos\nsystem\nU\x02id\x85R.']]));
    const env = await environment(fake);
    await expect(loadDataSet(await resolveSources({ source: archive }), env)).rejects.toThrow(
      'test_batch: it is no pickle of CIFAR (byte 0): it asks for "os system"',
    );
  });
});
