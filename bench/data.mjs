// pnpm bench --data: images per second of decoding, augmenting, normalizing and resizing, beside torchvision.
// Usage: pnpm bench --data [--rounds 3] [--only xcp,v2] [--config 32,128-w2] [--out FILE] [--write FILE] [--from FILE]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CIFAR10_FILES } from '@xcp/cifar10';
import { defaultCacheDir } from '@xcp/cifar10/node';
import { start } from './contenders/start.mjs';
import { contenders } from './data/contenders.mjs';
import { recordsFile } from './data/records.mjs';
import { dataMarkdown, dataRows, summarizeSetting } from './data/report.mjs';
import { BATCH, settings, tinySettings } from './data/settings.mjs';
import { commandLine } from './report/command-line.mjs';
import { machine, machineLine } from './report/machine.mjs';
import { replaceSection } from './report/replace-section.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    config: { type: 'string' },
    tiny: { type: 'boolean', default: false },
    out: { type: 'string' },
    write: { type: 'string' },
    from: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
if (!(rounds >= 1)) {
  throw new Error(`bench: \`--rounds\` must be at least 1, received ${options.rounds}; give a number`);
}

const result = options.from ? JSON.parse(readFileSync(options.from, 'utf8')) : await measure();
for (const setting of result.settings) {
  const { size, workers } = setting;
  console.log(`\n${size}×${size}, ${threadsOf(workers)}, images per second`);
  console.table(dataRows(setting));
}
if (result.memory) console.log(memoryLine(result.memory));
if (options.out) writeFileSync(options.out, `${JSON.stringify(result, null, 1)}\n`);
if (options.write) replaceSection(options.write, 'data', dataMarkdown(result));
if (result.settings.some(({ rows }) => rows.some(({ differs }) => differs))) process.exitCode = 1;

function chosenSettings() {
  if (options.tiny) return tinySettings;
  const names = options.config?.split(',') ?? settings.map(({ name }) => name);
  return names.map((wanted) => {
    const found = settings.find(({ name }) => name === wanted);
    if (found) return found;
    const known = settings.map(({ name }) => name).join(', ');
    throw new Error(`bench: \`--config\` must be one of ${known}, received ${wanted}; choose one of them`);
  });
}

function threadsOf(workers) {
  return workers === 0 ? 'one thread' : `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
}

async function measure() {
  const where = machineLine(machine());
  console.log(`Decode, flip, crop, normalize, resize: batches of ${BATCH}\n${where}`);
  const only = options.only?.split(',');
  const chosen = contenders.filter(({ name }) => !only || only.includes(name));
  if (chosen.length === 0) {
    const names = contenders.map(({ name }) => name).join(', ');
    throw new Error(
      `bench: \`--only\` must name some of ${names}, received ${options.only}; choose one of them`,
    );
  }
  const measured = [];
  for (const setting of chosenSettings()) {
    measured.push(summarizeSetting(setting, await measureSetting(setting, chosen)));
  }
  return { command: commandLine(), machineLine: where, settings: measured, memory: await measureMemory() };
}

/** Every contender once a round, one behind the other; gives the reports of each. */
async function measureSetting({ name, ...setting }, chosen) {
  const records = recordsFile(setting.images);
  const running = new Map(chosen.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [contender, reports] of [...running]) {
      const report = await start(contender.run({ ...setting, records, batch: BATCH }));
      if (report.reason) {
        console.error(`${contender.name}: left out of ${name}: ${report.reason}`);
        running.delete(contender);
        continue;
      }
      reports.push(report);
      console.error(`${name}, round ${round + 1}: ${contender.name}`);
    }
  }
  return [...running].map(([{ name, title }, reports]) => ({ name, title, reports }));
}

/** Of a process that loads the real data set; nothing where it is not in the cache. */
async function measureMemory() {
  if (options.tiny) return undefined;
  const missing = CIFAR10_FILES.find(({ name }) => !existsSync(join(defaultCacheDir(), name)));
  if (missing) {
    console.error(
      `memory: left out: ${missing.name} is not in ${defaultCacheDir()}; \`xcp data get\` fetches it`,
    );
    return undefined;
  }
  const program = fileURLToPath(new URL('data/memory.mjs', import.meta.url));
  const report = await start({ command: process.execPath, args: [program], env: {} });
  if (report.reason) throw new Error(`bench: the memory cannot be measured: ${report.reason}`);
  return report;
}

function memoryLine({ loaded, peak, withWorkers }) {
  const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  return `Peak memory: ${mb(loaded)} with all 60,000 images loaded, ${mb(peak)} after an epoch, ${mb(withWorkers)} after one by 2 workers`;
}
