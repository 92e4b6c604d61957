import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batches } from '../../batches/batches';
import { CIFAR100_CLASSES, CIFAR100_SUPERCLASSES } from '../../cifar100-classes';
import type { Cifar100 } from '../../labeled-images';
import { fixture, hash, tarGz, temporaryFolder } from '../fake-data-set';
import { pickle, pickleArray, pickleDict, pickleInt, pickleList } from '../fake-pickle';
import { serve } from '../fake-server';
import type { Cifar10Progress } from '../progress';
import { loadCifar100, loadPublished } from './load-cifar100';
import { readCifar100 } from './read-archive';

const bytes = fixture('cifar-100-python.tar.gz');
const published = (url: string, archive = bytes) => ({
  url,
  size: archive.length,
  sha256: hash('sha256', archive),
});

/** The images of python_archive_100.py: planes whose bytes are i · 37 + 11. */
function expectWhole({ train, test, classNames, superclassNames }: Cifar100) {
  expect([classNames.length, superclassNames.length]).toEqual([100, 20]);
  expect([...train.labels]).toEqual([0, 50, 98]);
  expect([...train.coarseLabels]).toEqual([4, 2, 14]);
  expect([...test.labels]).toEqual([99, 7]);
  expect([...test.coarseLabels]).toEqual([19, 3]);
  for (const { images, length } of [train, test]) {
    for (let n = 0; n < length; n++)
      for (let pixel = 0; pixel < 1024; pixel++)
        for (let channel = 0; channel < 3; channel++) {
          const expected = ((n * 3072 + channel * 1024 + pixel) * 37 + 11) % 256;
          if (images[(n * 1024 + pixel) * 3 + channel] !== expected) expect.fail(`${n} ${pixel} ${channel}`);
        }
  }
}

describe('loadCifar100', () => {
  it('downloads, keeps the archive, and needs no network afterwards', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      response.end(bytes);
    });
    const cacheDir = join(await temporaryFolder(), 'cache');
    const phases: Cifar10Progress[] = [];
    const onProgress = (progress: Cifar10Progress) => void phases.push(progress);
    const both = await Promise.all([1, 2].map(() => loadPublished(published(url), { cacheDir, onProgress })));
    for (const loaded of both) expectWhole(loaded);
    expect(requests).toBe(1);
    expect(await readdir(cacheDir)).toEqual(['cifar-100-python.tar.gz']);
    const offline = { cacheDir, fetch: () => Promise.reject(new Error('no network')) };
    expectWhole(await loadPublished(published(url), offline));
    expect(phases.some(({ phase }) => phase === 'download')).toBe(true);
  });

  it('fetches a damaged archive again, and names what is wrong with it', async () => {
    const url = await serve((_, response) => response.end(bytes));
    const cacheDir = await temporaryFolder();
    const messages: (string | undefined)[] = [];
    const onProgress = ({ message }: Cifar10Progress) => void messages.push(message);
    for (const damaged of [bytes.subarray(1), Uint8Array.from(bytes).fill(7, 90, 99)]) {
      await writeFile(join(cacheDir, 'cifar-100-python.tar.gz'), damaged);
      expectWhole(await loadPublished(published(url), { cacheDir, onProgress }));
    }
    expect(messages.filter((message) => message?.includes('it is fetched again')).length).toBe(2);
  });

  it('poisons nothing where the server gives something else', async () => {
    const url = await serve((_, response) => response.end(Uint8Array.from(bytes).fill(7, 90, 99)));
    const cacheDir = await temporaryFolder();
    const failing = loadPublished(published(url), { cacheDir });
    await expect(failing).rejects.toThrow(
      /^loadCifar100: the archive could not be brought into .* must have the SHA/,
    );
    await expect(failing).rejects.toThrow('put cifar-100-python.tar.gz on this machine');
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('reads a copy where it lies, if it is the published one', async () => {
    const archive = join(await temporaryFolder(), 'copy');
    const given = published('http://127.0.0.1:1');
    await expect(loadPublished(given, { archive })).rejects.toThrow(`nothing is at ${archive}`);
    await writeFile(archive, bytes);
    expectWhole(await loadPublished(given, { archive }));
    await expect(loadCifar100({ archive })).rejects.toThrow(
      `loadCifar100: ${archive} must be 169001437 bytes, received ${bytes.length}; pass a whole`,
    );
  });

  it('gives sets of which batches are made', async () => {
    const archive = join(await temporaryFolder(), 'copy');
    await writeFile(archive, bytes);
    const { train } = await loadPublished(published(''), { archive });
    const [batch] = batches({ ...train, labels: train.coarseLabels }, { batchSize: 3 });
    expect([...batch!.labels]).toEqual([4, 2, 14]);
  });

  it('rejects options that it does not know, and a signal that has fired', async () => {
    await expect(loadCifar100({ cachedir: '.' } as never)).rejects.toThrow('did you mean `cacheDir`?');
    await expect(loadCifar100({ stallTimeout: 0 })).rejects.toThrow(
      '`stallTimeout` must be an integer from 1',
    );
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(loadCifar100({ signal })).rejects.toThrow(/^enough$/);
  });
});

describe('readCifar100', () => {
  const list = (value: number) => pickleList([pickleInt(value)]);
  const batch = (fine: number, coarse: number) => {
    const data = pickleArray([1, 3072], new Uint8Array(3072));
    return pickle(pickleDict({ fine_labels: list(fine), coarse_labels: list(coarse), data }));
  };

  it.each([
    ['a batch that is missing', [['train', batch(0, 0)]], 'must hold cifar-100-python/train and /test'],
    ['a class that there is not', [['train', batch(100, 0)]], 'a fine label must be 0 to 99, received 100'],
    [
      'a superclass that there is not',
      [['train', batch(0, 20)]],
      'a coarse label must be 0 to 19, received 20',
    ],
    ['no pickle', [['test', 'x']], 'test: it is no pickle of CIFAR'],
  ] as [string, [string, Uint8Array | string][], string][])('rejects %s', async (_, entries, message) => {
    const path = join(await temporaryFolder(), 'archive');
    await writeFile(path, await tarGz(entries));
    await expect(readCifar100(path)).rejects.toThrow(message);
  });
});

describe('the names of CIFAR-100', () => {
  it('are a hundred in the order of the alphabet, and twenty, each once', () => {
    expect(CIFAR100_CLASSES).toEqual([...new Set(CIFAR100_CLASSES)].sort());
    expect(CIFAR100_CLASSES.length).toBe(100);
    expect(new Set(CIFAR100_SUPERCLASSES).size).toBe(20);
  });
});
