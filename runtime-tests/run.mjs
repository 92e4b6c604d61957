// Trains, kills and resumes with the built packages on every engine in every runtime that is there, tries the commands
// and the libraries, and prints runtime × engine as a table; ends with 1 where something failed.
// Usage: node runtime-tests/run.mjs [--install FOLDER] [--engines LIST] [--table] [--no-commands]
//   --install FOLDER  brings Node.js 22, 24 and the newest, Deno and Bun by npm into a folder, kept for the next time
//   --engines LIST    tries these alone, such as xcp,xcp-wasm
//   --table           writes the table into README.md, if nothing failed
//   --no-commands     leaves the commands and the libraries out
// XCP_NODES (a list as PATH is), XCP_DENO, XCP_BUN and XCP_CHROMIUM name programs that are not on the PATH.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { browserCells, cellsOf, ENGINES } from './cells.mjs';
import { judge } from './judge.mjs';
import { tryLibraries } from './libraries.mjs';
import { findRuntimes } from './runtimes.mjs';
import { markdown, writeBetween } from './table.mjs';
import { tryCommands } from './try-commands.mjs';

const { values } = parseArgs({
  options: {
    install: { type: 'string' },
    engines: { type: 'string', default: ENGINES.join(',') },
    table: { type: 'boolean', default: false },
    'no-commands': { type: 'boolean', default: false },
  },
});
const engines = values.engines.split(',');
const unknown = engines.find((name) => !ENGINES.includes(name));
if (unknown !== undefined) {
  console.error(`run: --engines must name some of ${ENGINES.join(', ')}, received ${unknown}`);
  process.exit(2);
}

let failures = 0;
function say(name, fault, detail = 'ok') {
  if (fault) failures++;
  console.log(`${name}: ${fault ? `FAILED: ${fault}` : detail}`);
}

/** The program that XCP_CHROMIUM names, with its version, or undefined where it does not start. */
function findChromium() {
  const command = process.env.XCP_CHROMIUM ?? 'chromium';
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return status === 0 ? { name: `Chromium ${/\d+/.exec(stdout)?.[0]}`, command } : undefined;
}

const { runtimes, missing } = findRuntimes(values.install && resolve(values.install));
const chromium = findChromium();

const cells = [];
for (const runtime of [...missing, ...(chromium ? [] : ['Chromium'])]) {
  console.log(`${runtime}: left out: not there`);
  for (const engine of engines)
    cells.push({ runtime, engine, state: 'not run', reason: `${runtime} is not there` });
}
async function take(source) {
  for await (const cell of source) {
    cells.push(cell);
    const name = `${cell.runtime}, ${cell.engine}`;
    if (cell.state === 'not run') console.log(`${name}: not run: ${cell.reason}`);
    else console.log(`${name}: ${cell.state === 'ran' ? cell.bits : cell.reason}`);
  }
}
for (const runtime of runtimes) {
  await take(cellsOf(runtime, engines));
  if (values['no-commands']) continue;
  for (const { backend, error, ...told } of tryLibraries(runtime)) {
    say(
      `${runtime.name}, libraries on ${backend}`,
      error,
      told.weights ?? `loss ${told.first} → ${told.last}`,
    );
  }
  const faults = await tryCommands(runtime);
  say(`${runtime.name}, commands`, faults.join('\n'));
}
if (chromium) for (const isolated of [true, false]) await take(browserCells(chromium, isolated, engines));

const judged = judge(cells);
for (const { runtime, engine, state, reason } of judged.cells) {
  if (state === 'failed') say(`${runtime}, ${engine}`, reason);
}
const date = new Date().toISOString().slice(0, 10);
const machine = `${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim()}`;
const table = `${markdown(judged.cells, engines)}\n\n${machine}, ${date}.`;
console.log(`\n${table}\n\nlargest relative difference of a loss: ${judged.most.toExponential(1)}`);
if (values.table && failures === 0) {
  writeBetween(fileURLToPath(new URL('../README.md', import.meta.url)), table);
  console.log('README.md: the table is written');
}
process.exitCode = failures === 0 ? 0 : 1;
