import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeDataSet, hash, temporaryFolder } from '../fake-data-set';
import { parquetFiles } from './parquet-files';

async function read(bytes: Uint8Array, more = {}) {
  const fake = await fakeDataSet();
  const path = join(await temporaryFolder(), 'file.parquet');
  await writeFile(path, bytes);
  const given: [string, Uint8Array][] = [];
  const manifest = { ...fake.manifest, ...more };
  const wanted = new Set(manifest.files);
  for await (const { file, bytes } of parquetFiles({ path, manifest, wanted }))
    given.push([file.name, bytes]);
  return given;
}

describe('parquetFiles', () => {
  it('knows the batches by their hashes, in whatever order they are', async () => {
    const { parquet, contents } = await fakeDataSet();
    const given = await read(parquet.train);
    expect(given.map(([name]) => name)).toEqual(['data_batch_2.bin', 'data_batch_1.bin']);
    expect(Buffer.compare(given[0]![1], contents[1]!)).toBe(0);
    expect(Buffer.compare(given[1]![1], contents[0]!)).toBe(0);
  });

  it('opens no file that is not the published one', async () => {
    const { parquet } = await fakeDataSet();
    const { length } = parquet.test;
    const change = fc.tuple(fc.nat(length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, fc.integer({ min: 1, max: length }), async ([place, byte], cut) => {
        const altered = Buffer.from(parquet.test);
        altered[place]! ^= byte;
        for (const bytes of [altered, parquet.test.subarray(0, length - cut)]) {
          await expect(read(bytes)).rejects.toThrow(
            'must be a parquet file of uoft-cs/cifar10, known by its SHA',
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it('says what is wrong with one that is known and cannot be read', async () => {
    const bytes = Buffer.from('PAR1 and no more PAR1');
    const parquet = [{ url: '', size: bytes.length, sha256: hash('sha256', bytes), split: 'train' }];
    await expect(read(bytes, { parquet })).rejects.toThrow(/file\.parquet cannot be read as a parquet file/);
  });
});
