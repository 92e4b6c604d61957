import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeEngine, slowEngineWarning } from '@xcp/backend/engines';
import { readDuplicates } from '@xcp/cifar10';
import { resolveConfig } from '../config/resolve';
import type { RunConfig } from '../config/run-config';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import { type EngineOptions, engineOptions } from '../engines/engine-options';
import { messageOf, UserError } from '../errors';
import { displayPath } from '../run-folder/display-path';
import { readRun } from '../run-folder/run-record';
import { sayConfusion, sayEvaluation } from '../terminal/evaluation-text';
import type { Output } from '../terminal/output';
import type { ModelCard } from '../trained/model-card';
import { modelPath } from '../trained/model-path';
import { openTrained, runOf } from '../trained/open-trained';
import { dataSources } from './data-sources';
import { interruptible } from './interrupt';
import { dataOptions, loadData } from './load-data';
import { testModel } from './test-model';

export interface EvalRunOptions extends Partial<EngineOptions> {
  split: 'test' | 'validation';
  /** Lists of near-duplicates, whose test images are left out. */
  without: readonly string[];
  /** Test-time augmentation in place of the run's own. */
  mirror?: boolean;
  shift?: number;
  /** Whether to print which classes are taken for which. */
  confusion?: boolean;
  data?: string;
  cacheDir?: string;
}

/** Evaluates a run (its exported model, or its best checkpoint so far), a checkpoint or an exported model. */
export async function evalRun(
  trainedPath: string,
  given: EvalRunOptions,
  context: Context,
  output: Output,
): Promise<void> {
  const { io, services } = context;
  const path = modelPath(trainedPath, io.cwd);
  const run = runOf(path);
  const record = run === undefined ? undefined : readRun(run);
  const leftOut = duplicates(given, io.cwd);
  const options = dataOptions(given, io.cwd);
  const source = options.source ?? record?.data.source ?? null;
  const cacheDir = options.cacheDir ?? record?.data.cacheDir ?? null;

  await interruptible(
    io,
    output,
    () => 'Nothing was changed.',
    async (signal) => {
      const engine = await chooseEngine(engineOptions(given, record?.engine), services.engines);
      output.say(`engine  ${describeEngine(engine)}`);
      const warning = slowEngineWarning(engine);
      if (warning) output.say(output.colors.yellow(warning));
      const { model, card, weights } = await openTrained(path);
      try {
        const config = record?.config ?? configOf(card);
        const cifar10 = await loadData({ source, cacheDir }, context, output, signal);
        checkClasses(card.classes, cifar10.classNames);
        const data = dataSources(cifar10, config, { leftOut })[given.split];
        if (!data) {
          throw new UserError(
            'eval: the run held no images out for validation (`data.validationShare` is 0)',
          );
        }
        output.say(`weights ${weights}`);
        const views = { ...viewsOf(config), ...stated(given) };
        if (leftOut.size > 0)
          output.say(`left out ${leftOut.size} test images, near-duplicates by the lists given`);
        const what = { model, data, classes: cifar10.classNames, views };
        const evaluation = await testModel(what, given.split, output, signal);
        sayEvaluation(given.split, evaluation, output);
        if (given.confusion) sayConfusion(evaluation, output);
        output.emit({
          run: displayPath(path, io.cwd),
          split: given.split,
          weights,
          ...views,
          ...(leftOut.size > 0 && { leftOut: leftOut.size }),
          ...evaluation,
        });
      } finally {
        model.dispose();
      }
    },
  );
}

/** How a model that is in no run is fed: as its card says, and otherwise by the defaults. */
const configOf = ({ size, normalize }: ModelCard): RunConfig => resolveConfig({ data: { size, normalize } });

const viewsOf = ({ evaluation: { mirror, shift } }: RunConfig) => ({ mirror, shift });

const stated = ({ mirror, shift }: EvalRunOptions) => ({
  ...(mirror !== undefined && { mirror }),
  ...(shift !== undefined && { shift }),
});

function checkClasses(own: readonly string[], ofData: readonly string[]): void {
  if (own.length === ofData.length) return;
  throw new UserError(
    `eval: the model must have the ${ofData.length} classes of CIFAR-10, received one with ${own.length}`,
  );
}

/** The test images that the lists name; throws where they are to be left out of another split. */
function duplicates({ split, without }: EvalRunOptions, cwd: string): ReadonlySet<number> {
  if (without.length > 0 && split !== 'test') {
    throw new UserError(
      `eval: \`--without\` is for the test images, received --split ${split}; leave one out`,
    );
  }
  return new Set(without.flatMap((file) => readList(file, cwd)));
}

function readList(file: string, cwd: string): number[] {
  try {
    return [...readDuplicates(readFileSync(resolve(cwd, file), 'utf8'))];
  } catch (error) {
    throw new UserError(
      `--without: must be a list of near-duplicates, received "${file}" (${messageOf(error)})`,
    );
  }
}
