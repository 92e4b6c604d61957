import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hash, temporaryFolder } from './fake-data-set';
import { findNpm } from './find-npm';
import { fetchNpmPackage, type NpmPack, npmPack } from './npm-pack';
import { TooSlowError } from './transfer-watch';

describe.skipIf(!findNpm())('npmPack', () => {
  it("packs through the user's own npm", async () => {
    const folder = await temporaryFolder();
    const source = join(folder, 'source');
    await mkdir(source);
    await writeFile(join(source, 'package.json'), JSON.stringify({ name: 'fake', version: '1.2.3' }));
    expect(await npmPack(source, folder)).toBe(join(folder, 'fake-1.2.3.tgz'));
  });

  it("passes npm's own reason on", async () => {
    const folder = await temporaryFolder();
    await expect(npmPack(join(folder, 'missing'), folder)).rejects.toThrow(
      /`npm pack .*missing` failed: .*ENOENT/,
    );
  });

  it('stops with the reason of the signal', async () => {
    const folder = await temporaryFolder();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(npmPack(folder, folder, signal)).rejects.toThrow(/^enough$/);
  });
});

describe('fetchNpmPackage', () => {
  const tarball = Uint8Array.of(1, 2, 3);
  const pack = async (spec: string, folder: string) => {
    expect(spec).toBe('fake@1.0.0');
    await writeFile(join(folder, 'fake.tgz'), tarball);
    return join(folder, 'fake.tgz');
  };
  const described = (integrity: string) => ({
    npmPack: pack,
    manifest: { npmPackage: { name: 'fake', version: '1.0.0', integrity, size: tarball.length } },
    minSpeed: 0,
    signal: new AbortController().signal,
  });
  const integrity = `sha512-${hash('sha512', tarball, 'base64')}`;

  it('gives the tarball only if it is the one that was published', async () => {
    const folder = await temporaryFolder();
    expect(await fetchNpmPackage(described(integrity), folder)).toBe(join(folder, 'fake.tgz'));
    await expect(fetchNpmPackage(described('sha512-AAAA'), folder)).rejects.toThrow(
      `fake@1.0.0 must have the integrity sha512-AAAA, received ${integrity}`,
    );
  });

  it('gives up a download that is not done in the time that the floor allows', async () => {
    const npmPack: NpmPack = (_, __, signal) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new Error('killed'))));
    const context = { ...described(integrity), npmPack, minSpeed: 30 };
    const failing = fetchNpmPackage(context, await temporaryFolder());
    await expect(failing).rejects.toThrow(TooSlowError);
    await expect(failing).rejects.toThrow(/`npm pack fake@1.0.0` was not done after 0 s/);
  });
});
