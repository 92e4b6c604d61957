import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Puts `text` into a Markdown file between `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @throws if the file has no such markers.
 */
export function replaceSection(file, name, text) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const old = readFileSync(file, 'utf8');
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`bench: ${file} must hold the markers ${begin} and ${end}, received none; add them`);
  }
  writeFileSync(file, `${old.slice(0, from + begin.length)}\n${text}\n${old.slice(to)}`);
}
