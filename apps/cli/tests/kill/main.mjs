// Trains the quickstart network on CIFAR-10 while it is killed again and again, and prints whether it ends with the
// bits of a run that never was; ends with 1 where it does not.
// Usage: node apps/cli/tests/kill/main.mjs [--kills 50] [--seed 1] [--steps 400] [--every 3]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killRuns } from './kill-runs.mjs';

const number = (value) => ({ type: 'string', default: String(value) });
const { values } = parseArgs({
  options: { kills: number(50), seed: number(1), steps: number(400), every: number(3) },
});
const { kills, seed, steps, every } = Object.fromEntries(
  Object.entries(values).map(([name, value]) => {
    const count = Number(value);
    if (Number.isInteger(count) && count >= 1) return [name, count];
    throw new Error(`kill-test: \`--${name}\` must be a whole number, at least 1, received '${value}'`);
  }),
);
const folder = mkdtempSync(join(tmpdir(), 'xcp-kill-'));
const settings = [
  'epochs=2',
  `maxSteps=${steps}`,
  `checkpoints.everySteps=${every}`,
  'logging.everySteps=1',
  'ema={}',
];
const train = ['--preset', 'quickstart', ...settings.flatMap((setting) => ['--set', setting])];
try {
  const onSession = ({ done, ...told }) => {
    const { sessions, kills, whileSaving, steps, calls } = told;
    const how = done ? 'done' : 'killed';
    console.log(
      `session ${sessions}: ${how} after ${steps} steps, ${calls} calls to the disk (${kills}/${whileSaving})`,
    );
  };
  const result = await killRuns({ folder, train, kills, seed, onSession });
  const { differences } = result;
  console.log(
    `${result.kills} kills, ${result.whileSaving} of them while saving, ${result.sessions} sessions`,
  );
  console.log(
    differences.length === 0
      ? 'identical: weights, slots, state, metrics, model and result'
      : `different: ${differences.join(', ')}`,
  );
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
