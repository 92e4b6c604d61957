// Trains a run that is killed again and again, and compares it with one that never was.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const child = fileURLToPath(new URL('child.mjs', import.meta.url));

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Runs `xcp` in a process of its own.
 *
 * @param isDue is asked with the number of steps that the process has told of and of calls to its disk, and has the
 *   process killed
 */
function session(args, cwd, isDue) {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const [, stdout, stderr, disk] = running.stdio;
    let errors = '';
    let [steps, calls] = [0, 0];
    let killed = false;
    const look = () => {
      if (killed || !isDue(steps, calls)) return;
      killed = running.kill('SIGKILL');
    };
    stdout.on('data', (text) => {
      steps += String(text).split('"event":"log"').length - 1;
      look();
    });
    disk.on('data', (bytes) => {
      calls += bytes.length;
      look();
    });
    stderr.on('data', (text) => {
      errors += text;
    });
    running.on('error', reject);
    running.on('close', (code, signal) => {
      if (code === 0) resolve({ done: true, steps, calls });
      else if (signal === 'SIGKILL' && killed) resolve({ done: false, steps, calls });
      else reject(new Error(`xcp ended with ${code ?? signal}: ${errors}`));
    });
  });
}

/**
 * A run in `folder/killed` that is killed at random instants, and the same run in `folder/whole` without.
 *
 * @param options.train arguments of `xcp train` without `--out`
 * @param options.before arguments in front of those of `xcp`
 * @returns how often it was killed, how often of that while it saved, in how many sessions, and what differs in the end
 */
export async function killRuns({ folder, before = [], train, kills, seed, onSession = () => {} }) {
  const random = randomNumbers(seed);
  const never = () => false;
  const xcp = (args, isDue) => session([...before, ...args, '--json'], folder, isDue);
  const whole = await xcp(['train', ...train, '--out', 'whole'], never);

  const result = { kills: 0, whileSaving: 0, sessions: 0, differences: [] };
  // Half of the kills come by steps and half by calls to the disk: those fall into saves. None comes later than its share
  // of the run, so that the run hardly ever ends before the last of them.
  const share = 1 / kills;
  for (let done = false; !done; ) {
    const bySteps = random() < 0.5;
    const at = 1 + Math.floor(random() * share * (bySteps ? whole.steps : whole.calls));
    const isDue = (steps, calls) => (bySteps ? steps : calls) >= at;
    const begun = existsSync(join(folder, 'killed', 'config.json'));
    const args = begun ? ['resume', 'killed'] : ['train', ...train, '--out', 'killed'];
    const ended = await xcp(args, result.kills < kills ? isDue : never);
    result.sessions++;
    done = ended.done;
    if (!done) result.kills++;
    if (!done && isSaving(join(folder, 'killed', 'checkpoints'))) result.whileSaving++;
    onSession({ ...ended, ...result });
  }
  result.differences = compare(join(folder, 'whole'), join(folder, 'killed'));
  return result;
}

/** Whether a save was under way: its folder has no name of its own yet, or the one that it replaces is still there. */
const isSaving = (checkpoints) =>
  existsSync(checkpoints) && readdirSync(checkpoints).some((name) => /^\.tmp-|\.old$/.test(name));

/** The names of what differs between two runs, but for times. */
export function compare(a, b) {
  const [whole, killed] = [contents(a), contents(b)];
  const names = [...new Set([...Object.keys(whole), ...Object.keys(killed)])];
  return names.filter((name) => whole[name] !== killed[name]);
}

/** What a run left, by the names of its files. */
function contents(folder) {
  const read = (...path) => readFileSync(join(folder, ...path));
  const found = { 'metrics.jsonl': timeless(read('metrics.jsonl').toString().trim().split('\n')) };
  found['result.json'] = timeless([read('result.json').toString()]);
  found['model/weights.bin'] = read('model', 'weights.bin').toString('base64');
  const checkpoints = readdirSync(join(folder, 'checkpoints')).sort();
  found.checkpoints = checkpoints.join(' ');
  for (const name of checkpoints) {
    const files = readdirSync(join(folder, 'checkpoints', name)).filter((file) =>
      file.endsWith('.safetensors'),
    );
    for (const file of files.sort()) {
      found[`${name}/${file}`] = read('checkpoints', name, file).toString('base64');
    }
    found[`${name}/state.json`] = timeless([read('checkpoints', name, 'state.json').toString()]);
  }
  return found;
}

const TIMES = ['seconds', 'imagesPerSecond', 'finishedAt'];

const timeless = (documents) =>
  documents
    .map((text) =>
      JSON.stringify(JSON.parse(text, (key, value) => (TIMES.includes(key) ? undefined : value))),
    )
    .join('\n');
