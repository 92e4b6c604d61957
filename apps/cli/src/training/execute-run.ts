import { type Checkpoint, type TrainResult, train } from '@xcp/trainer';
import { fileStore } from '@xcp/trainer/node';
import type { Context } from '../context';
import { displayPath } from '../run-folder/display-path';
import { runPaths } from '../run-folder/paths';
import type { RunRecord } from '../run-folder/run-record';
import type { Output } from '../terminal/output';
import { finishRun } from './finish-run';
import type { Prepared } from './prepare';
import { runCallbacks } from './run-callbacks';
import { sayResult } from './say-result';
import { trainConfig } from './train-config';

interface Run {
  folder: string;
  record: RunRecord;
  resumeFrom?: Checkpoint | undefined;
}

/** Trains a run, from its first step or from a checkpoint, to its result or to the next interruption. */
export async function executeRun(
  run: Run,
  prepared: Prepared,
  { io }: Context,
  output: Output,
  signal: AbortSignal,
): Promise<TrainResult['stopped']> {
  const { program } = io;
  const { folder, record, resumeFrom } = run;
  const { config, preset } = record;
  const paths = runPaths(folder);
  const shown = displayPath(folder, io.cwd);
  const store = fileStore(paths.checkpoints);
  output.say(`out     ${shown}`);

  const trained = await train({
    model: prepared.model,
    trainData: prepared.data.train,
    ...(prepared.data.validation && { validationData: prepared.data.validation }),
    config: trainConfig(config),
    store,
    callbacks: runCallbacks(folder, config, output, io.now),
    signal,
    ...(resumeFrom && { resumeFrom }),
  });
  const { stopped } = trained;
  if (stopped === 'aborted') {
    output.say(
      `Stopped at step ${trained.step}, which is saved. Continue with\n  ${program} resume ${shown}`,
    );
    output.emit({ event: 'stopped', run: shown, step: trained.step, checkpoint: trained.checkpoint });
    return stopped;
  }
  if (trained.reason) output.say(`Stopped early: ${trained.reason}.`);
  const ended = { ...trained, stopped };
  const result = await finishRun({ folder, config, store, now: io.now }, prepared, ended, output, signal);
  sayResult({ program, run: shown, preset, config }, result, output);
  return stopped;
}
