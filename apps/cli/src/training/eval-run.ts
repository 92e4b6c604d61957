import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import { loadWeights } from '@xcp/trainer';
import { fileStore, loadModel } from '@xcp/trainer/node';
import type { Context } from '../context';
import type { EngineChoice } from '../engines/engine';
import { UserError } from '../errors';
import { displayPath } from '../run-folder/display-path';
import { runPaths } from '../run-folder/paths';
import { readRun } from '../run-folder/run-record';
import { sayEvaluation } from '../terminal/evaluation-text';
import type { Output } from '../terminal/output';
import { interruptible } from './interrupt';
import { dataOptions } from './load-data';
import { prepare } from './prepare';
import { testModel } from './test-model';

export interface EvalRunOptions {
  split: 'test' | 'validation';
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
  const options = dataOptions(given, io.cwd);
  const choice = {
    engine: given.engine ?? engine.name,
    data: { source: options.source ?? data.source, cacheDir: options.cacheDir ?? data.cacheDir },
  };
  await interruptible(
    io,
    output,
    () => 'Nothing was changed.',
    async (signal) => {
      const prepared = await prepare(config, choice, context, output, signal);
      const source = prepared.data[given.split];
      if (!source)
        throw new UserError('eval: the run held no images out for validation (`data.validationShare` is 0)');
      const { model, weights } = await trainedModel(folder, prepared.model);
      output.say(`weights ${weights}`);
      const { mirror } = config.evaluation;
      const what = { model, data: source, classes: prepared.classNames, mirror };
      const evaluation = await testModel(what, given.split, output, signal);
      sayEvaluation(given.split, evaluation, output);
      output.emit({ run: displayPath(folder, io.cwd), split: given.split, weights, mirror, ...evaluation });
    },
  );
}

async function trainedModel(folder: string, fresh: tfl.LayersModel) {
  const paths = runPaths(folder);
  if (existsSync(paths.model)) return { model: await loadModel(paths.model), weights: 'model' };
  const store = fileStore(paths.checkpoints);
  const { found } = await store.best();
  const { found: newest } = found ? { found } : await store.latest();
  if (!newest)
    throw new UserError('eval: the run has neither a model nor a valid checkpoint yet; resume it first');
  loadWeights(fresh, newest.checkpoint.weights);
  return { model: fresh, weights: `checkpoints/${newest.name}` };
}
