import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exclusively, type TrainResult } from '@xcp/trainer';
import { type ConfigOptions, chooseConfig } from '../config/resolve';
import type { Context } from '../context';
import { type EngineOptions, engineOptions } from '../engines/engine-options';
import { followRun } from '../ranks/follow-run';
import type { Ranks } from '../ranks/ranks';
import { checkNewRunFolder } from '../run-folder/check-folder';
import { defaultFolder } from '../run-folder/default-folder';
import { displayPath } from '../run-folder/display-path';
import { runPaths } from '../run-folder/paths';
import { gitCommit, machine, versions } from '../run-folder/provenance';
import { createRun, type RunRecord } from '../run-folder/run-record';
import type { Output } from '../terminal/output';
import { bytesNeeded } from './bytes-needed';
import { checkRunConfig } from './check-run-config';
import { executeRun } from './execute-run';
import { askedOf, fitted, type InitOptions, initFrom } from './init';
import { interruptible } from './interrupt';
import { dataOptions } from './load-data';
import { type Prepared, withPrepared } from './prepare';
import { runStore } from './run-store';
import { whiten } from './whiten';

export interface TrainRunOptions extends ConfigOptions, InitOptions, EngineOptions {
  out?: string;
  data?: string;
  cacheDir?: string;
  /** Threads that prepare training batches ahead. */
  workers: number;
  /** Whether to show the run in the browser. */
  open?: boolean;
}

/** Starts a run; its folder is made once the configuration, the engine, the data and the model have proved fine. */
export async function trainRun(
  given: TrainRunOptions,
  ranks: Ranks,
  context: Context,
  output: Output,
): Promise<TrainResult['stopped'] | null> {
  if (ranks.collective.rank > 0) return followRun(given, ranks, context, output);
  const { io } = context;
  const { preset, config } = chooseConfig(given, io.cwd);
  checkRunConfig(config);
  const startedAt = io.now();
  const folder = resolve(io.cwd, given.out ?? defaultFolder(config.name, startedAt));
  checkNewRunFolder(folder);
  const data = dataOptions(given, io.cwd);
  const begins = await initFrom(given, io.cwd);
  await ranks.tell({ config, data, engine: null, init: begins && askedOf(begins) });
  const hint = () =>
    existsSync(runPaths(folder).config)
      ? `Continue with\n  ${io.program} resume ${displayPath(folder, io.cwd)}`
      : 'No run was begun.';

  const begin = async (prepared: Prepared, signal: AbortSignal) => {
    const { engine, parameters } = prepared;
    whiten(prepared.model, config, prepared.data);
    const init = await fitted(begins, prepared.model, output);
    checkNewRunFolder(folder, bytesNeeded(parameters, prepared.data.train.stepsPerEpoch, config));
    const record: RunRecord = {
      format: 1,
      preset,
      config,
      data,
      init:
        begins && init
          ? { path: begins.path, sha256: begins.sha256, head: init.head, schedule: init.schedule }
          : null,
      engine,
      parameters,
      versions: versions(),
      gitCommit: gitCommit(io.cwd),
      machine: machine(),
      command: context.command,
      startedAt: startedAt.toISOString(),
      resumed: [],
    };
    createRun(folder, record);
    output.emit({ event: 'start', run: displayPath(folder, io.cwd), engine, parameters, config });
    return exclusively(runStore(folder, config), (store) =>
      executeRun(
        { folder, record, store, init, open: given.open, collective: ranks.collective },
        prepared,
        context,
        output,
        signal,
      ),
    );
  };

  const share = ranks.collective;
  const choice = { ...engineOptions(given), data, workers: given.workers, share };
  return interruptible(io, output, hint, (signal) =>
    withPrepared(config, choice, context, output, signal, (prepared) => begin(prepared, signal)),
  );
}
