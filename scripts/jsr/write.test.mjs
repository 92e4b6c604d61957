import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../environment.mjs';
import { packages } from './packages.mjs';
import { rewriteImports } from './rewrite.mjs';
import { writePackages } from './write.mjs';

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-jsr-'));
  writePackages(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packages for JSR', () => {
  it.each(packages)(
    '$name imports files that are there, and what its deno.json names',
    ({ folder: name }) => {
      const config = JSON.parse(readFileSync(join(folder, name, 'deno.json'), 'utf8'));
      for (const entry of Object.values(config.exports))
        expect(existsSync(join(folder, name, entry))).toBe(true);
      const files = readdirSync(join(folder, name), { recursive: true }).filter((file) =>
        /\.m?[jt]s$/.test(file),
      );
      expect(files.length).toBeGreaterThan(1);
      expect(files.filter((file) => /\.test\.|testing/.test(file))).toEqual([]);
      for (const file of files) {
        const path = join(folder, name, file);
        for (const { fileName } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles) {
          const where = `${file} imports ${fileName}`;
          if (fileName.startsWith('.')) expect(existsSync(join(dirname(path), fileName)), where).toBe(true);
          else if (!isBuiltin(fileName)) {
            const known = Object.keys(config.imports).some((each) => `${fileName}/`.startsWith(`${each}/`));
            expect(known, where).toBe(true);
          }
        }
      }
    },
  );
});

it('an import gets its ending wherever it stands, and nothing else changes', () => {
  const file = join(root, 'packages', 'trainer', 'src', 'index.ts');
  const source = (a, b) =>
    `import { train } from '${a}';\nexport * from "${b}";\n// './train' stays\ntype T = import('${a}').T;\nconst x = './train';`;
  expect(rewriteImports(source('./train', './config/checks'), file)).toBe(
    source('./train.ts', './config/checks.ts'),
  );
  expect(() => rewriteImports("import './nowhere';", file)).toThrow('imports ./nowhere, which is no file');
});
