import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { TarEntry } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { type FakeDataSet, fakeDataSet, tarGz, temporaryFolder } from './fake-data-set';
import { environment, expectFilled, expectWhole } from './fake-environment';
import { serve } from './fake-server';
import { loadDataSet } from './load-data-set';
import { resolveSources } from './source';

/** What a server does in place of sending the archive. */
type Fault = (response: ServerResponse, archive: Uint8Array) => void;

const sending =
  (bytes: (archive: Uint8Array) => Uint8Array): Fault =>
  (response, archive) => {
    const sent = bytes(archive);
    response.writeHead(200, { 'content-length': sent.length });
    response.end(sent);
  };
const cutAfter =
  (share: number): Fault =>
  (response, archive) => {
    response.writeHead(200, { 'content-length': archive.length });
    response.write(archive.subarray(0, Math.floor(share * archive.length)), () => response.destroy());
  };
const answering =
  (status: number, headers: Record<string, string> = {}): Fault =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<html></html>');
const flip = (place: number) => (archive: Uint8Array) => {
  const altered = Buffer.from(archive);
  altered[place < 0 ? altered.length + place : place]! ^= 1;
  return altered;
};

const FAULTS: [string, Fault, RegExp][] = [
  ['closes at once', (response) => response.destroy(), /fetch failed: .*\(after 0 bytes\)/],
  ['cuts before the first byte', cutAfter(0), /\(after 0 bytes\)/],
  ['cuts in the beginning', cutAfter(0.01), /\(after \d+ bytes\)/],
  ['cuts in the middle', cutAfter(0.5), /\(after \d+ bytes\)/],
  ['cuts before the end', cutAfter(0.999), /\(after \d+ bytes\)/],
  ['never answers', () => {}, /nothing arrived for 0\.4 s \(after 0 bytes\)/],
  ['falls silent after the headers', (response) => response.flushHeaders(), /nothing arrived for 0\.4 s/],
  [
    'announces another length',
    sending((archive) => archive.subarray(1)),
    /must give \d+ bytes, and announces/,
  ],
  [
    'sends less and announces nothing',
    (response, archive) => response.end(archive.subarray(9)),
    /must give|announces/,
  ],
  ['sends a web page', answering(200), /gave a web page \(text\/html\) in place of the archive/],
  [
    'sends a web page as data',
    sending(({ length }) => new Uint8Array(length).fill(60)),
    /must have the SHA-256/,
  ],
  ['does not have it', answering(404), /answered 404 Not Found/],
  ['has an error', answering(500), /answered 500 Internal Server Error/],
  ['is overloaded', answering(503), /answered 503/],
  ['leads in a circle', answering(302, { location: '/archive.tar.gz' }), /redirect/i],
  ['leads nowhere', answering(302, { location: 'http://127.0.0.1:1/' }), /fetch failed/],
  ['alters the first byte', sending(flip(0)), /must have the SHA-256/],
  ['alters a byte in the middle', sending(flip(400)), /must have the SHA-256/],
  ['alters the last byte', sending(flip(-1)), /must have the SHA-256/],
];

describe('a server that is at fault', () => {
  it.each(FAULTS)(
    'and %s is told of, and leaves a cache that the next call fills',
    async (_, fault, message) => {
      let isWell = false;
      let fake!: FakeDataSet;
      const url = await serve((_, response) => {
        if (isWell) response.end(fake.officialArchive);
        else fault(response, fake.officialArchive);
      });
      fake = await fakeDataSet(url);
      const env = await environment(fake, { stallTimeout: 400 });
      const sources = await resolveSources({ source: 'official' });
      const failing = loadDataSet(sources, env);
      await expect(failing).rejects.toThrow(message);
      await expect(failing).rejects.toThrow(
        /^loadCifar10: the data set could not be brought into .*:\n {2}official: /,
      );
      await expect(failing).rejects.toThrow('put cifar-10-binary.tar.gz on this machine and pass its path');
      expect((await readdir(env.cacheDir)).filter((name) => name !== '.downloads')).toEqual([]);

      isWell = true;
      expectWhole(await loadDataSet(sources, { ...env, stallTimeout: 30_000 }), fake);
      await expectFilled(env.cacheDir, fake);
    },
  );
});

describe('an archive that is at fault', () => {
  const link = (type: 'symlink' | 'link'): TarEntry => ({
    header: { name: 'cifar-10-batches-bin/data_batch_1.bin', size: 0, type, linkname: '../../outside' },
  });

  it.each([
    ['a symbolic link', (_: FakeDataSet) => [link('symlink')], 'received the symlink'],
    ['a hard link', () => [link('link')], 'received the link'],
    [
      'a path that leaves the folder',
      (fake: FakeDataSet) => [named(fake, '../data_batch_1.bin')],
      'leaves its folder',
    ],
    ['an absolute path', (fake: FakeDataSet) => [named(fake, '/tmp/data_batch_1.bin')], 'leaves its folder'],
    [
      'a member that is too large',
      () => [['data_batch_1.bin', new Uint8Array(99_999)]],
      'at most 9219 bytes',
    ],
    ['a member that is too small', () => [['data_batch_1.bin', new Uint8Array(99)]], 'must be 9219 bytes'],
    ['an altered member', () => [['data_batch_1.bin', new Uint8Array(9219)]], 'must have the SHA-256'],
    ['nothing', () => [], 'it holds no files'],
  ] as [string, (fake: FakeDataSet) => Parameters<typeof tarGz>[0], string][])(
    'because of %s writes nothing, inside or outside of the cache',
    async (_, entries, message) => {
      const fake = await fakeDataSet();
      const folder = await temporaryFolder();
      const path = join(folder, 'archive.tar.gz');
      await writeFile(path, await tarGz(entries(fake)));
      const before = await readFile(path);
      const env = await environment(fake);
      const failing = loadDataSet(await resolveSources({ source: path }), env);
      await expect(failing).rejects.toThrow(message);
      expect(await readdir(env.cacheDir)).toEqual([]);
      expect(await readdir(folder)).toEqual(['archive.tar.gz']);
      expect(Buffer.compare(await readFile(path), before)).toBe(0);
    },
  );
});

function named({ contents }: FakeDataSet, name: string): [string, Uint8Array] {
  return [name, contents[0]!];
}
