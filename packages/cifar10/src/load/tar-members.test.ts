import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { TarEntry } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { tarGz, temporaryFolder } from './fake-data-set';
import { tarMembers } from './tar-members';

async function archive(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'archive.tar.gz');
  await writeFile(path, bytes);
  return path;
}

async function membersOf(path: string, maxSize: (name: string) => number | undefined = () => 2 ** 20) {
  const members: [string, number][] = [];
  for await (const { name, bytes } of tarMembers(path, maxSize)) members.push([name, bytes.length]);
  return members;
}

const large = new Uint8Array(900_000).map((_, i) => Math.imul(i, 2654435761) >>> 24);

describe('tarMembers', () => {
  it('gives the wanted members one by one, also large ones after short ones that are skipped', async () => {
    const path = await archive(
      await tarGz([
        { header: { name: 'folder/', size: 0, type: 'directory' } },
        ['folder/short', 'a'],
        ['folder/large', large],
        ['folder/empty', ''],
        ['folder/other', large],
        ['last', large],
      ]),
    );
    const wanted = ['large', 'empty', 'last'];
    expect(await membersOf(path, (name) => (wanted.includes(name) ? 2 ** 20 : undefined))).toEqual([
      ['large', 900_000],
      ['empty', 0],
      ['last', 900_000],
    ]);
    for await (const { bytes } of tarMembers(path, () => 2 ** 20)) {
      if (bytes.length === large.length) expect(Buffer.compare(bytes, large)).toBe(0);
    }
  });

  it.each(['symlink', 'link', 'fifo', 'character-device'] as const)('refuses a %s', async (type) => {
    const entry: TarEntry = { header: { name: 'data_batch_1.bin', size: 0, type, linkname: '/etc/passwd' } };
    await expect(membersOf(await archive(await tarGz([entry])))).rejects.toThrow(
      `received the ${type} data_batch_1.bin`,
    );
  });

  it.each(['/data', '../data', 'a/../../data', 'C:\\data', '..\\data'])(
    'refuses the path %s',
    async (name) => {
      const path = await archive(await tarGz([[name, 'x']]));
      await expect(membersOf(path, () => undefined)).rejects.toThrow(
        `no path that leaves its folder, received ${name}`,
      );
    },
  );

  it('refuses a member that is larger than it may be, before reading it', async () => {
    const path = await archive(await tarGz([['large', large]]));
    await expect(membersOf(path, () => 1000)).rejects.toThrow(
      'large must be at most 1000 bytes, received 900000',
    );
  });

  it('refuses an archive that is cut at any place', async () => {
    const whole = await tarGz([['large', large]]);
    for (const share of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const path = await archive(whole.subarray(0, Math.floor(whole.length * share)));
      await expect(membersOf(path)).rejects.toThrow(`${path} cannot be read as a .tar.gz archive`);
    }
  });

  it('refuses a flipped byte', async () => {
    const bytes = new Uint8Array(await tarGz([['large', large]]));
    bytes[bytes.length >> 1]! ^= 0xff;
    await expect(membersOf(await archive(bytes))).rejects.toThrow('cannot be read as a .tar.gz archive');
  });

  it('refuses a file that is no archive, and shows how it begins', async () => {
    await expect(membersOf(await archive(new TextEncoder().encode('<!DOCTYPE html>')))).rejects.toThrow(
      'must be a .tar.gz archive, received a file that begins with "<!DOCTYPE html>"',
    );
    await expect(membersOf(await archive(new Uint8Array(0)))).rejects.toThrow('begins with ""');
  });

  it('can be left at any member, however much is still to come', async () => {
    const huge = new Uint8Array(8_000_000).map((_, i) => Math.imul(i, 2654435761) >>> 24);
    const path = await archive(
      await tarGz(['a', 'b', 'c'].map((name): [string, Uint8Array] => [name, huge])),
    );
    const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    for await (const { bytes } of tarMembers(path, () => huge.length)) {
      expect(bytes.length).toBe(huge.length);
      // Meanwhile the streams behind fill up.
      await wait(50);
      break;
    }
    await expect(membersOf(path, (name) => (name === 'b' ? 1 : huge.length))).rejects.toThrow(
      'b must be at most 1',
    );
    // A stream that is not shut down in order would fail only now, outside of any call.
    await wait(200);
  });

  it('stops with the reason of the signal', async () => {
    const controller = new AbortController();
    const path = await archive(
      await tarGz([
        ['a', large],
        ['b', large],
        ['c', large],
      ]),
    );
    const members = tarMembers(path, () => 2 ** 20, controller.signal);
    expect((await members.next()).value?.name).toBe('a');
    controller.abort(new Error('enough'));
    await expect(members.next()).rejects.toThrow(/^enough$/);
  });

  it('gives members as they were or an error where the archive inside is altered', async () => {
    const content = new Uint8Array(1500).map((_, i) => i * 7);
    const tar = gunzipSync(
      await tarGz([
        ['a', content],
        ['folder/b', content],
        ['c', 'short'],
      ]),
    );
    const path = join(await temporaryFolder(), 'archive.tar.gz');
    const change = fc.tuple(fc.oneof(fc.nat(511), fc.nat(tar.length - 1)), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 3 }), fc.nat(tar.length), async (changes, length) => {
        const altered = Buffer.from(tar);
        for (const [place, byte] of changes) altered[place] = byte;
        for (const bytes of [altered, altered.subarray(0, length)]) {
          await writeFile(path, gzipSync(bytes));
          try {
            for await (const member of tarMembers(path, () => 2000)) {
              expect(member.bytes.length).toBeLessThanOrEqual(2000);
            }
          } catch (error) {
            expect((error as Error).message).toContain(path);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives members or an error where the compressed bytes are altered', async () => {
    const whole = await tarGz([
      ['a', large.subarray(0, 3000)],
      ['b', 'short'],
    ]);
    const path = join(await temporaryFolder(), 'archive.tar.gz');
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const altered = Buffer.from(whole);
        for (const [place, byte] of changes) altered[place] = byte;
        await writeFile(path, altered);
        await membersOf(path).catch((error: Error) => expect(error.message).toContain(path));
      }),
      { numRuns: 150 },
    );
  });

  it('stops where an archive unpacks to more than it may, also in members that are skipped', async () => {
    const path = await archive(await tarGz([['zeros', new Uint8Array(5_000_000)]]));
    const members = tarMembers(path, () => undefined, undefined, 1_000_000);
    await expect(members.next()).rejects.toThrow('it unpacks to more than 1000000 bytes');
  });
});
