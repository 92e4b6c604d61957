import { readFileSync, writeFileSync } from 'node:fs';

const [BEGIN, END] = ['<!-- runtimes: begin -->', '<!-- runtimes: end -->'];

/** The cells as a table in Markdown, runtime × engine, with the reasons for what did not run below it. */
export function markdown(cells, engines) {
  const notes = [];
  const noteOf = (text) => {
    if (!notes.includes(text)) notes.push(text);
    return notes.indexOf(text) + 1;
  };
  const shown = ({ state, same, reason } = { state: 'not run', reason: 'not tried' }) => {
    if (state === 'ran') return same ? 'trains, resumes, same bits' : 'trains, resumes';
    return `${state === 'failed' ? '**fails**' : 'not run'} [${noteOf(reason)}]`;
  };
  const runtimes = [...new Set(cells.map(({ runtime }) => runtime))];
  const row = (texts) => `| ${texts.join(' | ')} |`;
  const rows = runtimes.map((runtime) =>
    row([
      runtime,
      ...engines.map((engine) =>
        shown(cells.find((cell) => cell.runtime === runtime && cell.engine === engine)),
      ),
    ]),
  );
  const head = [row(['', ...engines.map((name) => `\`${name}\``)]), `|${'---|'.repeat(engines.length + 1)}`];
  const explained = notes.map((text, i) => `${i + 1}. ${text.replaceAll('\n', ' ')}`);
  return [...head, ...rows, ...(notes.length > 0 ? ['', ...explained] : [])].join('\n');
}

/** Puts `text` between the markers of a file. Throws where it has none. */
export function writeBetween(file, text) {
  const before = readFileSync(file, 'utf8');
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file}: must have the lines ${BEGIN} and ${END}`);
  writeFileSync(file, `${before.slice(0, begin + BEGIN.length)}\n${text}\n${before.slice(end)}`);
}
