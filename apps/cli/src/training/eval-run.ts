import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import { readDuplicates } from '@xcp/cifar10';
import { loadWeights, modelWeights } from '@xcp/trainer';
import { fileStore, loadModel } from '@xcp/trainer/node';
import type { Context } from '../context';
import type { EngineChoice } from '../engines/engine';
import { UserError } from '../errors';
import { displayPath } from '../run-folder/display-path';
import { runPaths } from '../run-folder/paths';
import { readRun } from '../run-folder/run-record';
import { sayEvaluation } from '../terminal/evaluation-text';
import type { Output } from '../terminal/output';
import { averagesAreBetter } from './averages-are-better';
import { interruptible } from './interrupt';
import { dataOptions } from './load-data';
import { type Prepared, withPrepared } from './prepare';
import { testModel } from './test-model';

export interface EvalRunOptions {
  split: 'test' | 'validation';
  /** Lists of near-duplicates, whose test images are left out. */
  without: readonly string[];
  engine?: EngineChoice;
  data?: string;
  cacheDir?: string;
}

/** Evaluates the exported model of a run, or its best checkpoint where it has not come to its end. */
export async function evalRun(
  run: string,
  given: EvalRunOptions,
  context: Context,
  output: Output,
): Promise<void> {
  const { io } = context;
  const folder = resolve(io.cwd, run);
  const { config, data, engine } = readRun(folder);
  const leftOut = duplicates(given, io.cwd);
  const options = dataOptions(given, io.cwd);
  const choice = {
    engine: given.engine ?? engine.name,
    data: { source: options.source ?? data.source, cacheDir: options.cacheDir ?? data.cacheDir },
    leftOut,
  };
  const evaluateSplit = async (prepared: Prepared, signal: AbortSignal) => {
    const source = prepared.data[given.split];
    if (!source) {
      throw new UserError('eval: the run held no images out for validation (`data.validationShare` is 0)');
    }
    const weights = await loadTrained(prepared.model, folder);
    output.say(`weights ${weights}`);
    const { mirror, shift = 0 } = config.evaluation;
    const told = leftOut.size > 0 ? { leftOut: leftOut.size } : {};
    if (leftOut.size > 0)
      output.say(`left out ${leftOut.size} test images, near-duplicates by the lists given`);
    const what = {
      model: prepared.model,
      data: source,
      classes: prepared.classNames,
      views: { mirror, shift },
    };
    const evaluation = await testModel(what, given.split, output, signal);
    sayEvaluation(given.split, evaluation, output);
    output.emit({
      run: displayPath(folder, io.cwd),
      split: given.split,
      weights,
      mirror,
      shift,
      ...told,
      ...evaluation,
    });
  };
  const hint = () => 'Nothing was changed.';
  await interruptible(io, output, hint, (signal) =>
    withPrepared(config, choice, context, output, signal, (prepared) => evaluateSplit(prepared, signal)),
  );
}

/** The test images that the lists name; throws where they are to be left out of another split. */
function duplicates({ split, without }: EvalRunOptions, cwd: string): ReadonlySet<number> {
  if (without.length > 0 && split !== 'test') {
    throw new UserError(
      `eval: \`--without\` is for the test images, received --split ${split}; leave one out`,
    );
  }
  return new Set(without.flatMap((file) => [...readDuplicates(readFileSync(resolve(cwd, file), 'utf8'))]));
}

/** Gives the model the weights of the exported one, else of the best or the newest checkpoint; tells which. */
async function loadTrained(model: tfl.LayersModel, folder: string): Promise<string> {
  const paths = runPaths(folder);
  if (existsSync(paths.model)) {
    const exported = await loadModel(paths.model);
    try {
      loadWeights(model, await modelWeights(exported));
    } finally {
      exported.dispose();
    }
    return 'model';
  }
  const store = fileStore(paths.checkpoints);
  const found = (await store.best()).found ?? (await store.latest()).found;
  if (!found)
    throw new UserError('eval: the run has neither a model nor a valid checkpoint yet; resume it first');
  const { weights, ema, state } = found.checkpoint;
  const record = state.history.find(({ step }) => step === state.step);
  const averaged = record !== undefined && averagesAreBetter(record.validation, record.ema);
  loadWeights(model, averaged ? ema! : weights);
  return `checkpoints/${found.name}${averaged ? ', averaged' : ''}`;
}
