import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { encodeRecords } from '@xcp/cifar10';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyCifar10 } from '../../src/testing/tiny-cifar10';

const child = fileURLToPath(new URL('child.mjs', import.meta.url));
const RUNS = 4;

const sweep = {
  preset: 'quickstart',
  config: {
    model: {
      stem: { filters: [4, 8] },
      entryFilters: [8],
      middleBlocks: 1,
      exitFilters: [8, 16],
      finalFilters: [16],
    },
    data: { size: 16, validationShare: 0.2 },
    batchSize: 10,
    epochs: 12,
    checkpoints: { everySteps: 2 },
  },
  grid: { seed: [0, 1], 'schedule.maxLearningRate': [0.1, 1] },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-sweep-kill-'));
  writeFileSync(join(folder, 'train.bin'), encodeRecords(tinyCifar10.train));
  writeFileSync(join(folder, 'test.bin'), encodeRecords(tinyCifar10.test));
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the sweep in a process group of its own: with it end the processes that it started. */
function startSweep(out: string) {
  const records = ['train.bin', 'test.bin'].map((name) => join(folder, name)).join(delimiter);
  const args = ['sweep', 'sweep.json', '--out', out, '--jobs', '2', '--json'];
  const running = spawn(process.execPath, [child, ...args], {
    cwd: folder,
    detached: true,
    env: { ...process.env, XCP_RECORDS: records },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, err] = ['', ''];
  running.stdout.on('data', (text) => {
    said += text;
  });
  running.stderr.on('data', (text) => {
    err += text;
  });
  const ended = new Promise<{ code: number | null; signal: string | null; out: string; err: string }>(
    (resolve) => {
      running.on('close', (code, signal) => resolve({ code, signal, out: said, err }));
    },
  );
  return { pid: running.pid!, ended };
}

const at = (...path: string[]) => join(folder, ...path);
const read = (...path: string[]) => JSON.parse(readFileSync(at(...path), 'utf8'));
const runsWith = (out: string, file: string) =>
  existsSync(at(out)) ? readdirSync(at(out)).filter((id) => existsSync(at(out, id, file))) : [];
const checkpointsOf = (out: string, id: string) =>
  existsSync(at(out, id, 'checkpoints'))
    ? readdirSync(at(out, id, 'checkpoints')).filter((name) => name.startsWith('step-'))
    : [];
const begun = (out: string) =>
  runsWith(out, 'config.json').filter((id) => !existsSync(at(out, id, 'result.json')));

/** What a sweep came to, without the times it took. */
function ranked(out: string) {
  const { runs } = JSON.parse(out.trim().split('\n').at(-1)!);
  return runs.map(({ seconds: _, ...run }: { seconds: number }) => run);
}

// The processes run the built packages; `npm test` builds them first.
const built = existsSync(new URL('../../dist/index.js', import.meta.url));
const canKill = process.platform !== 'win32';

it.skipIf(!built || !canKill)(
  'a sweep killed in the middle does what is missing, and that alone',
  { timeout: 300_000 },
  async () => {
    const first = startSweep('killed');
    while (
      !runsWith('killed', 'result.json').length ||
      !begun('killed').some((id) => checkpointsOf('killed', id).length)
    ) {
      await sleep(5);
    }
    process.kill(-first.pid, 'SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    const done = runsWith('killed', 'result.json');
    const inTheMiddle = begun('killed');
    expect(done.length).toBeLessThan(RUNS);
    expect(inTheMiddle.length).toBeGreaterThan(0);
    const stamps = (ids: string[]) => ids.map((id) => statSync(at('killed', id, 'result.json')).mtimeMs);
    const before = stamps(done);

    const again = await startSweep('killed').ended;
    expect(again).toMatchObject({ code: 0 });
    expect(stamps(done)).toEqual(before);
    expect(done.map((id) => read('killed', id, 'config.json').resumed)).toEqual(done.map(() => []));
    for (const id of inTheMiddle) expect(read('killed', id, 'config.json').resumed).toHaveLength(1);

    const whole = await startSweep('whole').ended;
    expect(whole.code).toBe(0);
    expect(ranked(again.out)).toHaveLength(RUNS);
    expect(ranked(again.out)).toEqual(ranked(whole.out));
    for (const { id, state } of ranked(again.out)) {
      expect(state).toBe('finished');
      const { test, validation, weights } = read('killed', id, 'result.json');
      expect(read('whole', id, 'result.json')).toMatchObject({ test, validation, weights });
    }
  },
);
