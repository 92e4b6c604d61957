import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunConfig } from '../config/run-config';
import type { EngineName } from '../engines/engine';
import { writeJson } from '../run-folder/write-json';
import type { StartRun } from '../sweep/run-sweep';
import type { BenchOptions, BenchResult } from './bench';
import type { Round } from './measure-engine';

/** One round on one engine, in a process of its own; or why there is none. */
export async function measureApart(
  config: RunConfig,
  engine: EngineName,
  { batches, seconds }: BenchOptions,
  start: StartRun,
  signal: AbortSignal,
): Promise<Round[] | string> {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-bench-'));
  const [configFile, result, log] = ['config.json', 'result.json', 'log'].map((name) => join(folder, name));
  try {
    writeJson(configFile!, config);
    const options = ['--engine', engine, '--batches', batches.join(','), '--seconds', String(seconds)];
    const args = ['bench', '--config', configFile!, ...options, '--rounds', '1', '--out', result!];
    const code = await start(args, log!, signal);
    signal.throwIfAborted();
    if (code !== 0) return readFileSync(log!, 'utf8').trim().split('\n').at(-1) || `ended with ${code}`;
    const { engines } = JSON.parse(readFileSync(result!, 'utf8')) as BenchResult;
    return engines[0]!.batches.map(({ batch, training, inference }) => ({
      batch,
      training: training.median,
      inference: inference.median,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
