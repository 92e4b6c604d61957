import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FakeDataSet, fakeDataSet, tarGz } from '../load/fake-data-set';
import { decodeRecords } from '../records';
import { readCifar10, readFiles } from './read-cifar10';
import { unpacked } from './unpacked';

let set: FakeDataSet;
beforeAll(async () => {
  set = await fakeDataSet();
});
afterEach(() => vi.unstubAllGlobals());

const file = (name: string, bytes: Uint8Array) => new File([bytes as Uint8Array<ArrayBuffer>], name);
const bins = () => set.manifest.files.map(({ name }, i) => file(name, set.contents[i]!));
const read = (files: File[], options = {}) => readFiles(set.manifest.files, files, options);

describe('readCifar10', () => {
  it('reads files in any order under any names, and the archive, to the same images', async () => {
    const [first, second, test] = bins();
    const renamed = file('data (1).bin', set.contents[0]!);
    const archive = file('cifar-10-binary.tar.gz', set.officialArchive);
    const parts = set.contents.map((bytes) => decodeRecords(bytes));
    const expected = [...parts[0]!.images, ...parts[1]!.images];
    for (const files of [[first!, second!, test!], [test!, second!, renamed], [archive], [first!, archive]]) {
      const data = await read(files);
      expect([...data.train.images]).toEqual(expected);
      expect([...data.train.labels]).toEqual([...parts[0]!.labels, ...parts[1]!.labels]);
      expect([...data.test.images]).toEqual([...parts[2]!.images]);
      expect(data.classNames[3]).toBe('cat');
    }
  });

  it('tells each file once that is proved, and waits for whoever keeps it', async () => {
    const told: string[] = [];
    const onFile = async ({ name }: { name: string }, bytes: Uint8Array) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      told.push(`${name} ${bytes.length}`);
    };
    await read([...bins(), ...bins()], { onFile });
    expect(told).toEqual(set.manifest.files.map(({ name, size }) => `${name} ${size}`));
  });

  it('wants all of them', async () => {
    await expect(read(bins().slice(0, 1))).rejects.toThrow(
      '`files` must hold all 3 files of CIFAR-10, received all but data_batch_2.bin, test_batch.bin',
    );
    await expect(readCifar10([])).rejects.toThrow('must hold all 6 files');
  });

  it('refuses what is damaged, cut or another thing', async () => {
    const flipped = Uint8Array.from(set.contents[0]!);
    flipped[100]! ^= 1;
    await expect(read([file('data_batch_1.bin', flipped)])).rejects.toThrow(
      /received data_batch_1.bin, whose SHA-256 [0-9a-f]{64} is none of theirs/,
    );
    await expect(read([file('data_batch_1.bin', flipped.subarray(1))])).rejects.toThrow(
      /must be a .bin file of CIFAR-10 \(.* bytes\) or cifar-10-binary.tar.gz, received data_batch_1.bin of/,
    );
    const cut = set.officialArchive.subarray(0, set.officialArchive.length >> 1);
    await expect(read([file('cut.tar.gz', cut)])).rejects.toThrow(
      'cut.tar.gz cannot be read as a .tar.gz archive',
    );
    const other = file('other.tar.gz', await tarGz([['readme.html', 'x']]));
    await expect(read([other])).rejects.toThrow('received other.tar.gz, which has none of data_batch_1.bin');
    const links = await tarGz([{ header: { name: '../data_batch_1.bin', size: 0 } }]);
    await expect(read([file('links.tar.gz', links)])).rejects.toThrow('no path that leaves its folder');
    const large = await tarGz([['data_batch_1.bin', new Uint8Array(1_000_000)]]);
    await expect(read([file('large.tar.gz', large)])).rejects.toThrow('must be at most');
  });

  it('unpacks nothing without end', async () => {
    const bomb = file('bomb', gzipSync(new Uint8Array(1_000_000)));
    const reader = unpacked(bomb, 100_000).getReader();
    const all = async () => {
      while (!(await reader.read()).done);
    };
    await expect(all()).rejects.toThrow('it unpacks to more than 100000 bytes');
  });

  it('stops when it is told to, and knows its options', async () => {
    await expect(read(bins(), { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    );
    await expect(read(bins(), { onfile: () => {} })).rejects.toThrow('did you mean `onFile`?');
  });

  it('says so where the page may not hash', async () => {
    vi.stubGlobal('crypto', {});
    await expect(read(bins())).rejects.toThrow('open it over https or from localhost');
  });
});
