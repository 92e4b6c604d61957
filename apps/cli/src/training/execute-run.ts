import {
  type Checkpoint,
  type CheckpointStore,
  type Collective,
  type TrainInit,
  type TrainResult,
  train,
} from '@xcp/trainer';
import type { SignalAbort } from '@xcp/trainer/node';
import type { Context } from '../context';
import { tryReport } from '../report/write-report';
import { displayPath } from '../run-folder/display-path';
import type { RunRecord } from '../run-folder/run-record';
import type { Output } from '../terminal/output';
import { showRun } from '../watch/show-run';
import { finishRun } from './finish-run';
import { sayInit } from './init';
import { liveProgress } from './live-progress';
import type { Prepared } from './prepare';
import { runCallbacks } from './run-callbacks';
import { sayResult } from './say-result';
import { trainConfig } from './train-config';

/** The exit code of a run that another process was asked to stop: that of Ctrl-C. */
const STOPPED = 130;

interface Run {
  folder: string;
  record: RunRecord;
  /** Of the run's folder, which no other process can write to meanwhile. */
  store: CheckpointStore;
  resumeFrom?: Checkpoint | undefined;
  /** What a new run begins with, as its record says. */
  init?: TrainInit | undefined;
  /** The processes that train it together. */
  collective: Collective;
  /** Whether to show it in the browser meanwhile. */
  open?: boolean | undefined;
}

/** Trains a run, from its first step or from a checkpoint, to its result or to the next interruption. */
export async function executeRun(
  run: Run,
  prepared: Prepared,
  context: Context,
  output: Output,
  signal: AbortSignal,
): Promise<TrainResult['stopped']> {
  const server = run.open ? await showRun(run.folder, { port: 0, open: true }, context, output) : undefined;
  try {
    return await trainToEnd(run, prepared, context, output, signal);
  } catch (error) {
    output.clear();
    const { cwd, program } = context.io;
    if (!signal.aborted) {
      output.say(
        `The run is kept. Continue it, once that is put right, with\n  ${program} resume ${displayPath(run.folder, cwd)}`,
      );
    }
    throw error;
  } finally {
    await server?.close();
  }
}

async function trainToEnd(
  run: Run,
  prepared: Prepared,
  context: Context,
  output: Output,
  signal: AbortSignal,
): Promise<TrainResult['stopped']> {
  const { io } = context;
  const { program } = io;
  const { folder, record, store, resumeFrom, init, collective } = run;
  const { config } = record;
  const shown = displayPath(folder, io.cwd);
  output.say(`out     ${shown}`);

  const live = liveProgress(output, shown);
  const { validation } = prepared.data;
  const trained = await train({
    model: prepared.model,
    trainData: prepared.data.train,
    ...(validation && { validationData: live.watched(validation) }),
    config: trainConfig(config),
    store,
    collective,
    callbacks: [
      {
        onTrainBegin({ init }) {
          if (record.init && init) sayInit(record.init, init, output);
        },
      },
      ...runCallbacks(folder, config, output, live.callback, io),
    ],
    signal,
    ...(resumeFrom && { resumeFrom }),
    ...(init && { init }),
  });
  output.clear();
  const { stopped } = trained;
  if (stopped === 'aborted') {
    // Another rank may have been told.
    context.exitCode = (signal.reason as SignalAbort | undefined)?.exitCode ?? STOPPED;
    output.say(
      `Stopped at step ${trained.step}, which is saved. Continue with\n  ${program} resume ${shown}`,
    );
    output.emit({ event: 'stopped', run: shown, step: trained.step, checkpoint: trained.checkpoint });
    return stopped;
  }
  if (trained.reason) output.say(`Stopped early: ${trained.reason}.`);
  const ended = { ...trained, stopped };
  const result = await finishRun({ folder, config, store, now: io.now }, prepared, ended, output, signal);
  const report = tryReport(folder, { name: shown, program }, (text) =>
    output.say(output.colors.yellow(text)),
  );
  sayResult({ program, run: shown, config, hasReport: report }, result, output);
  return stopped;
}
