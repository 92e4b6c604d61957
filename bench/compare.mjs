// Trains and infers the full Xception side by side, in alternation, and prints tables. README.md says how to use it.

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { allConfigs, configNamed } from './configs.mjs';
import { measureRounds } from './measure/rounds.mjs';
import { commandLine } from './report/command-line.mjs';
import { consoleRows } from './report/console.mjs';
import { machine, machineLine } from './report/machine.mjs';
import { markdownTables } from './report/markdown.mjs';
import { replaceSection } from './report/replace-section.mjs';
import { gemmPeak, summarizeKind } from './report/summarize.mjs';

/** Above this, what others took of the machine makes the figures unfit to publish. */
const QUIET = 0.05;

const { values: options } = parseArgs({
  options: {
    config: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    with: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(availableParallelism()) },
    from: { type: 'string' },
    out: { type: 'string' },
    write: { type: 'string' },
  },
});

const list = (text) => text.split(',').filter(Boolean);

function positive(name) {
  const value = Number(options[name]);
  if (value > 0) return value;
  throw new Error(`bench: \`--${name}\` must be a positive number, received ${options[name]}`);
}

const result = options.from ? JSON.parse(readFileSync(options.from, 'utf8')) : await measure();
const rows = result.measured.flatMap(({ summary }) => Object.values(summary).flat());
if (options.from) result.measured.forEach(print);
if (rows.some(({ othersShare }) => othersShare > QUIET)) {
  console.log('Other processes were at work meanwhile (column `others`): measure again on a quiet machine.');
}
save(result);
if (options.write) replaceSection(options.write, 'bench', markdownTables(result));
if (rows.some(({ differs }) => differs)) process.exitCode = 1;

async function measure() {
  const names = options.all ? allConfigs : (options.config ?? ['32-b64']).flatMap(list);
  const configs = names.map(configNamed);
  const settings = {
    rounds: positive('rounds'),
    seconds: positive('seconds'),
    threads: positive('threads'),
    only: options.only === undefined ? undefined : list(options.only),
    extra: list(options.with),
  };
  const command = commandLine();
  const where = machineLine(machine());
  console.log(`Xception, 10 classes, float32, SGD with momentum, ${settings.threads} threads\n${where}`);
  const measured = [];
  for (const config of configs) {
    const raw = await measureRounds(config, { ...settings, log: (line) => console.error(line) });
    const peak = gemmPeak(raw);
    const summary = Object.fromEntries(config.kinds.map((kind) => [kind, summarizeKind(raw, kind, peak)]));
    const { macs, parameters, leftOut } = raw;
    measured.push({ config, macs, parameters, peak, summary, leftOut });
    print(measured.at(-1));
    // A run of all configurations takes long: what it has is kept if it is cut short.
    save({ command, machineLine: where, settings, measured });
  }
  return { command, machineLine: where, settings, measured };
}

function save(result) {
  if (options.out) writeFileSync(options.out, `${JSON.stringify(result, null, 1)}\n`);
}

function print({ config, macs, parameters, peak, summary }) {
  const { name, size, batch } = config;
  const gemm = peak ? `; GEMM peak ${peak.gflops.toFixed(0)} GFLOPS (${peak.title})` : '';
  console.log(
    `\n${name}: ${size}×${size}, batch ${batch}, ${parameters} parameters, ${(macs / 1e9).toPrecision(4)} GMAC${gemm}`,
  );
  for (const [kind, list] of Object.entries(summary)) {
    console.log(kind === 'train' ? 'Training step' : 'Inference');
    console.table(consoleRows(list));
    for (const { title, differs } of list) {
      if (differs) console.log(`${title} does not compute the same function: ${differs}`);
    }
  }
}
