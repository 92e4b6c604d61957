import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replaceSection } from './replace-section.mjs';

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-bench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('replaces what stands between the markers, and nothing else', () => {
  const file = join(folder, 'page.md');
  writeFileSync(file, '# A\n<!-- bench -->\nold\n<!-- /bench -->\nend\n');
  replaceSection(file, 'bench', 'new');
  replaceSection(file, 'bench', 'newer');
  expect(readFileSync(file, 'utf8')).toBe('# A\n<!-- bench -->\nnewer\n<!-- /bench -->\nend\n');
});

it('leaves a file without markers as it is', () => {
  const file = join(folder, 'bare.md');
  writeFileSync(file, '# A\n');
  expect(() => replaceSection(file, 'bench', 'new')).toThrow('must hold the markers <!-- bench -->');
  expect(readFileSync(file, 'utf8')).toBe('# A\n');
});
