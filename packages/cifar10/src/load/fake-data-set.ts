import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { packTar, type TarEntry } from 'modern-tar';
import { onTestFinished } from 'vitest';
import type { DataFile, Manifest } from '../manifest';
import { decodeRecords, RECORD_BYTES } from '../records';

/** A data set of three small files for tests, in all the forms in which the real one is published. */
export interface FakeDataSet {
  readonly manifest: Manifest;
  /** The content of each file, in the manifest's order. */
  readonly contents: readonly Uint8Array[];
  readonly officialArchive: Uint8Array;
  readonly npmTarball: Uint8Array;
  readonly pythonArchive: Uint8Array;
  readonly parquet: { readonly train: Uint8Array; readonly test: Uint8Array };
}

/** The forms that only Python writes; the scripts that made them lie beside them. */
export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));

export const hash = (algorithm: string, bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex') =>
  createHash(algorithm).update(bytes).digest(encoding);

/** A .tar.gz of these entries; a name with bytes stands for a plain file. */
export async function tarGz(entries: (TarEntry | [string, Uint8Array | string])[]): Promise<Uint8Array> {
  const full = entries.map((entry) => {
    if (!Array.isArray(entry)) return entry;
    const [name, content] = entry;
    const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { header: { name, size: body.length }, body };
  });
  return gzipSync(await packTar(full));
}

/** `url` is where the official archive is to be had; the other files are beside it. */
export async function fakeDataSet(url = 'http://127.0.0.1:1/none'): Promise<FakeDataSet> {
  const names = ['data_batch_1.bin', 'data_batch_2.bin', 'test_batch.bin'];
  const counts = [3, 2, 2];
  const contents = counts.map((count, f) =>
    new Uint8Array(count * RECORD_BYTES).map((_, i) =>
      i % RECORD_BYTES === 0 ? (i + f) % 10 : i * 37 + f * 11,
    ),
  );
  const files = contents.map(
    (bytes, f): DataFile => ({
      name: names[f]!,
      size: bytes.length,
      sha256: hash('sha256', bytes),
      split: f < 2 ? 'train' : 'test',
    }),
  );
  const officialArchive = await tarGz([
    { header: { name: 'cifar-10-batches-bin/', size: 0, type: 'directory' } },
    ['cifar-10-batches-bin/readme.html', 'CIFAR-10'],
    ...contents.map((bytes, f): [string, Uint8Array] => [`cifar-10-batches-bin/${names[f]}`, bytes]),
  ]);
  const npmTarball = await packNpm(names, contents);
  const pythonArchive = fixture('cifar-10-python.tar.gz');
  const parquet = { train: fixture('train.parquet'), test: fixture('test.parquet') };
  const published = (name: string, bytes: Uint8Array) => ({
    url: new URL(name, url).href,
    size: bytes.length,
    sha256: hash('sha256', bytes),
  });
  const manifest: Manifest = {
    files,
    archive: { ...published('', officialArchive), url },
    pythonArchive: published('python.tar.gz', pythonArchive),
    parquet: [
      { ...published('train.parquet', parquet.train), split: 'train' },
      { ...published('test.parquet', parquet.test), split: 'test' },
    ],
    npmPackage: {
      name: 'fake',
      version: '1.0.0',
      size: npmTarball.length,
      integrity: `sha512-${hash('sha512', npmTarball, 'base64')}`,
    },
  };
  return { manifest, contents, officialArchive, npmTarball, pythonArchive, parquet };
}

/** The members in the order of the real package: short ones between the strips, the labels last. */
async function packNpm(names: string[], contents: Uint8Array[]): Promise<Uint8Array> {
  const sets = contents.map(decodeRecords);
  const strips = sets.map(({ images, length }, f): [string, Uint8Array] => [
    `package/${names[f]!.replace('.bin', '.png')}`,
    encode({ width: 1024, height: length, channels: 3, depth: 8, data: images }),
  ]);
  const labelsOf = (...parts: typeof sets) => JSON.stringify(parts.flatMap(({ labels }) => [...labels]));
  return tarGz([
    ['package/package.json', '{}'],
    ...strips.slice(0, 2),
    ['package/README.md', 'Images'],
    ...strips.slice(2),
    ['package/test_lables.json', labelsOf(sets[2]!)],
    ['package/train_lables.json', labelsOf(sets[0]!, sets[1]!)],
  ]);
}

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xcp-cifar10-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
