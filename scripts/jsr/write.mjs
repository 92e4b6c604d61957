import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { root } from '../environment.mjs';
import { denoConfig, packages } from './packages.mjs';
import { rewriteImports } from './rewrite.mjs';

/** The modules that the entries lead to, themselves among them. */
function reached(entries) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles) {
      if (!/^\.\.?\//.test(fileName)) continue;
      const text = rewriteImports(`import '${fileName}';`, file);
      visit(join(dirname(file), text.slice(8, -2)));
    }
  };
  for (const entry of entries) visit(entry);
  return [...found];
}

// For programs beside the packages.
const imports = Object.fromEntries(
  ['core', 'layers', 'backend-cpu'].map((name) => [
    `@tensorflow/tfjs-${name}`,
    `npm:@tensorflow/tfjs-${name}@^4.22.0`,
  ]),
);

/** Writes the packages into `folder` as JSR wants them: sources whose imports name files, and a deno.json each. */
export function writePackages(folder) {
  for (const entry of packages) {
    const from = join(root, 'packages', entry.folder);
    const to = join(folder, entry.folder);
    for (const file of reached(Object.values(entry.exports).map((path) => join(from, path)))) {
      const place = join(to, relative(from, file));
      mkdirSync(dirname(place), { recursive: true });
      const source = readFileSync(file, 'utf8');
      writeFileSync(place, file.endsWith('.ts') ? rewriteImports(source, file) : source);
    }
    for (const file of entry.files ?? []) cpSync(join(from, file), join(to, file), { recursive: true });
    writeFileSync(join(to, 'deno.json'), `${JSON.stringify(denoConfig(entry), null, 2)}\n`);
    cpSync(join(from, 'README.md'), join(to, 'README.md'));
    cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
  }
  const workspace = packages.map((entry) => `./${entry.folder}`);
  writeFileSync(join(folder, 'deno.json'), `${JSON.stringify({ workspace, imports }, null, 2)}\n`);
}
