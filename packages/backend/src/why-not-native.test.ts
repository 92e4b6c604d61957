import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whyNotNative } from './why-not-native';

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const require = createRequire(import.meta.url);

it('names an addon that is not built, and one that does not load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-addon-'));
  try {
    const missing = failureOf(() => require('node-gyp-build')(folder));
    expect(whyNotNative(missing)).toMatch(/is not built; install a C\+\+ compiler/);
    const file = join(folder, 'xcp.node');
    writeFileSync(file, 'no library');
    const broken = failureOf(() => require(file));
    expect(whyNotNative(broken)).toMatch(/does not load here \(.*xcp\.node.*\); build it on this machine/s);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('passes over nothing that somebody insists on', () => {
  expect(whyNotNative(new Error('lacks the instruction set `avx512`'))).toBeUndefined();
});
