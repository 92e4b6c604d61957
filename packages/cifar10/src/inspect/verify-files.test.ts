import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../load/fake-data-set';
import type { DataFile } from '../manifest';
import { verifyCifar10 } from '../node';

const content = Uint8Array.of(1, 2, 3);
const sha256 = createHash('sha256').update(content).digest('hex');
const fileOf = (name: string): DataFile => ({ name, size: 3, sha256, split: 'train' });

it('tells of every file whether it is there and what it must be, and touches nothing', async () => {
  const directory = await temporaryFolder();
  const files = ['good.bin', 'short.bin', 'altered.bin', 'none.bin'].map(fileOf);
  writeFileSync(join(directory, 'good.bin'), content);
  writeFileSync(join(directory, 'short.bin'), content.subarray(1));
  writeFileSync(
    join(directory, 'altered.bin'),
    content.map((byte) => byte ^ 1),
  );
  const before = readdirSync(directory);
  const checks = await verifyCifar10({ directory, files });
  expect(checks.map(({ name, state }) => [name, state])).toEqual([
    ['good.bin', 'proved'],
    ['short.bin', 'damaged'],
    ['altered.bin', 'damaged'],
    ['none.bin', 'missing'],
  ]);
  expect(checks[1]!.fault).toBe('must be 3 bytes, received 2');
  expect(checks[2]!.fault).toMatch(`must have the SHA-256 ${sha256}, received `);
  expect(checks[0]!.path).toBe(join(directory, 'good.bin'));
  expect(readdirSync(directory)).toEqual(before);
});

it('rejects an unknown option', async () => {
  await expect(verifyCifar10({ folder: '.' } as never)).rejects.toThrow('unknown option `folder`');
});
