import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { loadAddon } from './load-addon';

const home = mkdtempSync(join(tmpdir(), 'xcp-addon-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The addon as it is built here, of which the tests damage copies. */
const built = fileURLToPath(new URL('../../native/build/Release/xcp.node', import.meta.url));
const missing = existsSync(built) ? '' : ' (skipped: the addon is not built)';
if (missing) console.warn('skipped: damaged addons: the addon is not built');

/** What the build calls. */
const script = new URL('../../scripts/record-addon.mjs', import.meta.url).href;
const { recordAddon } = (await import(script)) as { recordAddon(file: string): string | undefined };

let folders = 0;
/** A folder that node-gyp-build searches, and the addon in it. */
function folderWith(bytes: Uint8Array | string) {
  const folder = join(home, String(folders++));
  const file = join(folder, 'build', 'Release', 'xcp.node');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes);
  return { folder, file };
}

it('says what to install where there is none', () => {
  expect(() => loadAddon(join(home, 'nowhere'))).toThrow(
    'xcp backend: its native addon is not built; install a C++ compiler, make and Python 3, then build again',
  );
});

it.each([
  ['text', 'no library'],
  ['nothing', ''],
  ['garbage behind a good head', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(5000, 0xa5)])],
])('does not take %s', (_, bytes) => {
  const { folder } = folderWith(bytes);
  expect(() => loadAddon(folder)).toThrow(
    /^xcp backend: its native addon does not load here \(.+\); build it on this machine$/,
  );
});

describe.skipIf(missing)(`an addon${missing}`, () => {
  it('that is cut off takes only the child along', () => {
    // To load these ends the process on Linux: what lies behind the end of the file cannot be read.
    for (const share of [0.001, 0.05, 0.5]) {
      const bytes = readFileSync(built);
      const { folder } = folderWith(bytes.subarray(0, Math.floor(bytes.length * share)));
      expect(() => loadAddon(folder)).toThrow(/its native addon does not load here \(.+\)/);
    }
  });

  it('without a note is tried in a process of its own', () => {
    const { folder } = folderWith(readFileSync(built));
    expect(loadAddon(folder).select('')).toMatchObject({ isa: expect.any(String) });
    const { folder: other } = folderWith(readFileSync(built));
    withoutProcesses(() => expect(() => loadAddon(other)).toThrow('no process to try it in'));
  });

  it('with the note of the build is loaded at once', () => {
    const { folder, file } = folderWith(readFileSync(built));
    expect(recordAddon(file)).toBeUndefined();
    withoutProcesses(() => expect(loadAddon(folder).select('')).toBeTruthy());
  });

  it('that is not as the build noted is not loaded, though it would load', () => {
    const { folder, file } = folderWith(readFileSync(built));
    recordAddon(file);
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(file, bytes);
    expect(() => loadAddon(folder)).toThrow(`its native addon is damaged (${file} is not as it was built)`);
  });

  it('of another program is told from ours', () => {
    const other = addonOfRollup();
    if (!other) return console.warn("skipped: rollup's addon is not there");
    const { folder, file } = folderWith('');
    copyFileSync(other, file);
    expect(() => loadAddon(folder)).toThrow('does not load here (it is something else)');
  });
});

/** Where no program can be started. */
function withoutProcesses(work: () => void): void {
  const { execPath } = process;
  process.execPath = join(home, 'no-such-program');
  try {
    work();
  } finally {
    process.execPath = execPath;
  }
}

function addonOfRollup(): string | undefined {
  const fromHere = createRequire(import.meta.url);
  try {
    const rollup = createRequire(createRequire(fromHere.resolve('vitest/config')).resolve('vite'));
    const { platform, arch } = process;
    return createRequire(rollup.resolve('rollup')).resolve(`@rollup/rollup-${platform}-${arch}-gnu`);
  } catch {
    return undefined;
  }
}

it('is not tried by a process that tries one itself', () => {
  vi.stubEnv('XCP_CHILD', '1');
  const { folder } = folderWith('text');
  expect(() => loadAddon(folder)).toThrow('this process is itself one that tries a library');
  vi.unstubAllEnvs();
});
