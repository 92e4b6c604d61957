// Trains each reference preset at its full size for a few steps, one after the other, and prints what it took; ends with
// 1 where one fails. Needs `npm run build` and CIFAR-10 in the cache, and up to 7 GiB of memory.
// Usage: node apps/cli/scripts/try-references.mjs [--steps 2] [--only reference-299] [key=value …]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { presets } from '@xcp/cli';

const xcp = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const { values, positionals } = parseArgs({
  options: { steps: { type: 'string', default: '2' }, only: { type: 'string' } },
  allowPositionals: true,
});
const names = presets.map(({ name }) => name).filter((name) => name.startsWith('reference-'));
const chosen = values.only === undefined ? names : names.filter((name) => name === values.only);
if (chosen.length === 0)
  throw new Error(`--only: must be one of ${names.join(', ')}, received "${values.only}"`);

// Thousands of images at 299 pixels would take hours: the steps alone are tried.
const settings = [
  `maxSteps=${values.steps}`,
  'logging.everySteps=1',
  'data.validationShare=0',
  'evaluation.test=false',
  ...positionals,
].flatMap((setting) => ['--set', setting]);

const folder = mkdtempSync(join(tmpdir(), 'xcp-references-'));
const lines = (text) =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
let failed = false;
try {
  for (const name of chosen) {
    const out = join(folder, name);
    const args = [xcp, 'train', '--preset', name, ...settings, '--out', out, '--json'];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const events = run.stdout ? lines(run.stdout) : [];
    if (run.status !== 0) {
      failed = true;
      console.log(
        `${name}: failed with ${run.status ?? run.signal}: ${run.stderr.trim().split('\n').at(-1)}`,
      );
    } else {
      const { engine, parameters, config } = events.find(({ event }) => event === 'start');
      const steps = events.filter(({ event }) => event === 'log');
      const { stopped, imagesPerSecond } = events.find(({ event }) => event === 'result');
      console.log(
        `${name}: ${config.data.size} px, batch ${config.batchSize}, ${config.optimizer.name}, ` +
          `${parameters.toLocaleString('en-US')} parameters, ${engine.name}: ${stopped} after ${steps.length} steps, ` +
          `loss ${steps.map(({ loss }) => loss.toFixed(3)).join(' ')}, ${imagesPerSecond.toFixed(1)} img/s`,
      );
      JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    }
    rmSync(out, { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
