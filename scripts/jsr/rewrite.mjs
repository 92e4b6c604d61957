import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** The file that a relative specifier stands for, as it must be written where nothing looks for one: with its ending. */
export function withEnding(specifier, file) {
  const target = join(dirname(file), specifier);
  if (existsSync(`${target}.ts`)) return `${specifier}.ts`;
  if (existsSync(join(target, 'index.ts'))) return `${specifier}/index.ts`;
  if (existsSync(target)) return specifier;
  throw new Error(`${file}: imports ${specifier}, which is no file`);
}

/** Gives every relative import of a module its ending; `file` is where the module lies. */
export function rewriteImports(source, file) {
  const { importedFiles } = ts.preProcessFile(source, true, true);
  return importedFiles
    .filter(({ fileName }) => /^\.\.?\//.test(fileName))
    .sort((a, b) => b.pos - a.pos)
    .reduce((text, { fileName, pos }) => {
      // `pos` is where the quote stands, or what comes after it.
      const at = text.indexOf(fileName, pos);
      return text.slice(0, at) + withEnding(fileName, file) + text.slice(at + fileName.length);
    }, source);
}
