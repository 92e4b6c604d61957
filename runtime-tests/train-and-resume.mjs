// One engine in one runtime with files: a run that is never stopped, and one that is killed, ended and resumed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '@xcp/safetensors';
import { COMPARED_STEPS, END_AT, experiment, KILL_AT, STEPS } from './experiment.mjs';
import { hashOf } from './hash-of.mjs';
import { expectXcp } from './start-xcp.mjs';

const SIGTERM_CODE = 143;

/** What a run came to: the hash of its last weights, and the losses of its first steps. */
async function outcome(folder) {
  const name = `step-${String(STEPS).padStart(7, '0')}`;
  const weights = decodeSafetensors(readFileSync(join(folder, 'checkpoints', name, 'weights.safetensors')));
  const rows = readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const losses = rows.filter(({ kind }) => kind === 'log').map(({ loss }) => loss);
  if (losses.length !== STEPS) throw new Error(`the run must log ${STEPS} steps, received ${losses.length}`);
  return { bits: await hashOf(weights.tensors), losses: losses.slice(0, COMPARED_STEPS) };
}

/**
 * Trains on `engine`, kills such a run (-9), resumes it, ends it (SIGTERM), and resumes it to its end.
 *
 * @returns what the run came to, and whether (`exact`) the one that was stopped came to the same bits; throws where a
 *   command does not end as it must
 */
export async function trainAndResume(runtime, engine, env) {
  const cwd = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'xcp-runtime-'));
  const at = (name) => join(folder, name);
  try {
    const config = at('config.json');
    writeFileSync(config, JSON.stringify(experiment));
    const train = (out) => ['train', '--config', config, '--engine', engine, '--out', out, '--json'];
    const resume = ['resume', at('stopped'), '--json'];
    const xcp = (args, options) => expectXcp(runtime, args, { ...options, env, cwd });

    await xcp(train(at('whole')));
    await xcp(train(at('stopped')), { ends: 'SIGKILL', stop: { signal: 'SIGKILL', step: KILL_AT } });
    await xcp(resume, { ends: SIGTERM_CODE, stop: { signal: 'SIGTERM', step: END_AT } });
    await xcp(resume);

    const whole = await outcome(at('whole'));
    const stopped = await outcome(at('stopped'));
    const left = readdirSync(join(at('stopped'), 'checkpoints')).filter((name) => !/^step-\d+$/.test(name));
    if (left.length > 0) throw new Error(`the checkpoints must be alone, received ${left.join(', ')}`);
    return { ...whole, exact: JSON.stringify(stopped) === JSON.stringify(whole), resumed: stopped.losses };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
