import type * as tfl from '@tensorflow/tfjs-layers';
import { countParameters, xception } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import { describeEngine, slowEngineWarning } from '../engines/describe-engine';
import type { ChosenEngine, EngineChoice } from '../engines/engine';
import { formatCount } from '../terminal/format';
import type { Output } from '../terminal/output';
import { type DataSources, dataSources } from './data-sources';
import { type DataOptions, loadData } from './load-data';

/** Everything a run computes with. */
export interface Prepared {
  config: RunConfig;
  engine: ChosenEngine;
  data: DataSources;
  classNames: readonly string[];
  model: tfl.LayersModel;
  parameters: number;
}

/** Takes an engine, loads the data and builds the model, and says so; writes nothing. */
export async function prepare(
  config: RunConfig,
  choice: { engine: EngineChoice; data: DataOptions },
  context: Context,
  output: Output,
  signal: AbortSignal,
): Promise<Prepared> {
  const engine = await chooseEngine(choice.engine, context.services.engines);
  output.say(`engine      ${describeEngine(engine)}`);
  const warning = slowEngineWarning(engine);
  if (warning) output.say(output.colors.yellow(warning));

  const cifar10 = await loadData(choice.data, context, output, signal);
  const data = dataSources(cifar10, config);
  output.say(`data        ${describeData(data, config)}`);

  const { size } = config.data;
  const model = xception({
    ...config.model,
    inputShape: [size, size, cifar10.train.channels],
    classes: cifar10.classNames.length,
    seed: config.seed,
  });
  const parameters = countParameters(model);
  output.say(`model       Xception, ${formatCount(parameters.total)} parameters (${formatCount(parameters.trainable)} trainable)`);
  return { config, engine, data, classNames: cifar10.classNames, model, parameters: parameters.total };
}

function describeData({ train, validation, test }: DataSources, { data }: RunConfig): string {
  const counts = `${formatCount(train.size)} training, ${formatCount(validation?.size ?? 0)} validation, ${formatCount(test.size)} test`;
  return `CIFAR-10, ${data.size}×${data.size}: ${counts}`;
}
