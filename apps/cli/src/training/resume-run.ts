import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Checkpoint, type CheckpointStore, exclusively, type TrainResult } from '@xcp/trainer';
import { continuedConfig } from '../config/continued-config';
import type { RunConfig } from '../config/run-config';
import type { Context } from '../context';
import { type EngineOptions, engineOptions } from '../engines/engine-options';
import { UserError } from '../errors';
import { followRun } from '../ranks/follow-run';
import type { Ranks } from '../ranks/ranks';
import { displayPath } from '../run-folder/display-path';
import { runPaths } from '../run-folder/paths';
import { type RunRecord, readRun } from '../run-folder/run-record';
import { readResult } from '../run-folder/run-result';
import { writeJson } from '../run-folder/write-json';
import type { Output } from '../terminal/output';
import { checkRunConfig } from './check-run-config';
import { executeRun } from './execute-run';
import { fitted, initAgain } from './init';
import { interruptible } from './interrupt';
import { dataOptions } from './load-data';
import { type Prepared, withPrepared } from './prepare';
import { runStore } from './run-store';
import { sayResult } from './say-result';
import { whiten } from './whiten';

export interface ResumeRunOptions extends Partial<EngineOptions> {
  set: readonly string[];
  data?: string;
  cacheDir?: string;
  /** Threads that prepare training batches ahead. */
  workers: number;
  /** Whether to show the run in the browser. */
  open?: boolean;
}

/** Continues a run from its newest checkpoint, or tells what it came to where it is finished. */
export async function resumeRun(
  run: string,
  given: ResumeRunOptions,
  ranks: Ranks,
  context: Context,
  output: Output,
): Promise<TrainResult['stopped'] | null> {
  if (ranks.collective.rank > 0) return followRun(given, ranks, context, output);
  const { io } = context;
  const folder = resolve(io.cwd, run);
  const saved = readRun(folder);
  const config = continuedConfig(saved.config, given.set);
  checkRunConfig(config);
  const shown = displayPath(folder, io.cwd);
  const result = readResult(folder);
  const lengths = ['epochs', 'steps', 'maxSteps', 'earlyStopping'] as const;
  const goesOn = lengths.some((key) => !isDeepStrictEqual(config[key], saved.config[key] ?? null));
  if (result && !goesOn) {
    await ranks.tell(null);
    const reason = result.reason ? ` It was stopped early: ${result.reason}.` : '';
    output.say(`This run is finished; nothing is left to do.${reason}`);
    const hasReport = existsSync(runPaths(folder).report);
    sayResult({ program: io.program, run: shown, config, hasReport }, result, output);
    return result.stopped;
  }
  return exclusively(runStore(folder, config), async (store) => {
    const resumeFrom = await newestCheckpoint(store, output);
    checkLength(config, resumeFrom);
    const begins = resumeFrom ? null : await initAgain(saved.init);

    const data = { ...saved.data, ...stated(dataOptions(given, io.cwd)) };
    const { name } = saved.engine;
    await ranks.tell({ config, data, engine: { name }, init: resumeFrom ? null : saved.init });
    const goOn = async (prepared: Prepared, signal: AbortSignal) => {
      if (!resumeFrom) whiten(prepared.model, config, prepared.data);
      const init = await fitted(begins, prepared.model, output);
      const { engine } = prepared;
      if (engine.name !== saved.engine.name) {
        output.say(
          `The run began on ${saved.engine.name}: from here on its figures differ in their last digits.`,
        );
      }
      const resumed = { at: io.now().toISOString(), command: context.command, engine: engine.name };
      const record: RunRecord = { ...saved, config, data, resumed: [...saved.resumed, resumed] };
      const paths = runPaths(folder);
      // What a run cut short before its first checkpoint wrote will be written again.
      if (!resumeFrom) removeLogs(folder);
      rmSync(paths.result, { force: true });
      writeJson(paths.config, record);
      output.emit({ event: 'resume', run: shown, step: resumeFrom?.state.step ?? 0, engine, config });
      return executeRun(
        { folder, record, store, resumeFrom, init, open: given.open, collective: ranks.collective },
        prepared,
        context,
        output,
        signal,
      );
    };

    const share = ranks.collective;
    const choice = { ...engineOptions(given, saved.engine), data, workers: given.workers, share };
    const hint = () => `Continue with\n  ${io.program} resume ${shown}`;
    return interruptible(io, output, hint, (signal) =>
      withPrepared(config, choice, context, output, signal, (prepared) => goOn(prepared, signal)),
    );
  });
}

function removeLogs(folder: string): void {
  const { metrics, csv } = runPaths(folder);
  const events = readdirSync(folder).filter((name) => name.startsWith('events.out.tfevents.'));
  for (const path of [metrics, csv, ...events.map((name) => join(folder, name))])
    rmSync(path, { force: true });
}

const stated = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as Partial<T>;

/** The newest valid checkpoint, or `undefined` where the run was stopped before its first. */
async function newestCheckpoint(store: CheckpointStore, output: Output): Promise<Checkpoint | undefined> {
  const { found, passedOver } = await store.latest();
  for (const { name, reason } of passedOver) output.say(`passed over ${name}: ${reason}`);
  if (found) {
    output.say(`from    ${found.name}`);
    return found.checkpoint;
  }
  if (passedOver.length > 0) {
    throw new UserError(
      'resume: the run must have a valid checkpoint, and every one is damaged; start a new run',
    );
  }
  output.say('from    the first step: the run was stopped before its first checkpoint');
  return undefined;
}

function checkLength(config: RunConfig, resumeFrom: Checkpoint | undefined): void {
  if (!resumeFrom) return;
  const { epoch, step, stepInEpoch } = resumeFrom.state;
  const begun = epoch + (stepInEpoch > 0 ? 1 : 0);
  if (config.epochs !== null && config.epochs < begun) {
    throw new UserError(
      `resume: \`epochs\` must be at least the ${begun} that are begun, received ${config.epochs}`,
    );
  }
  for (const key of ['steps', 'maxSteps'] as const) {
    const most = config[key];
    if (most === null || most >= step) continue;
    throw new UserError(`resume: \`${key}\` must be at least the ${step} that are done, received ${most}`);
  }
}
