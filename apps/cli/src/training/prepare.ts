import type * as tfl from '@tensorflow/tfjs-layers';
import type { ChosenEngine } from '@xcp/backend/engines';
import { describeEngine, slowEngineWarning } from '@xcp/backend/engines';
import type { LabeledImages } from '@xcp/cifar10';
import { countParameters, xception } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import type { EngineOptions } from '../engines/engine-options';
import { formatCount } from '../terminal/format';
import type { Output } from '../terminal/output';
import { describeScaling } from './batch-scaling';
import { type DataSourceOptions, type DataSources, dataSources } from './data-sources';
import { type DataOptions, loadData } from './load-data';
import { modelConfig } from './model-config';
import { stepsBySize } from './progressive';

/** What a run computes with. */
export interface Prepared {
  engine: ChosenEngine;
  data: DataSources;
  classNames: readonly string[];
  /** The test images as they are. */
  testImages: LabeledImages;
  model: tfl.LayersModel;
  parameters: number;
}

/**
 * Takes an engine, loads the data and builds the model, says so, and hands them to `work`; afterwards the model is
 * disposed of. Writes nothing but the cache of the data.
 */
export async function withPrepared<T>(
  config: RunConfig,
  choice: EngineOptions & { data: DataOptions } & Pick<DataSourceOptions, 'workers' | 'leftOut' | 'share'>,
  context: Context,
  output: Output,
  signal: AbortSignal,
  work: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  const engine = await chooseEngine(choice, context.services.engines);
  output.say(`engine  ${describeEngine(engine)}`);
  const warning = slowEngineWarning(engine);
  if (warning) output.say(output.colors.yellow(warning));

  const cifar10 = await loadData(choice.data, context, output, signal);
  const { classNames } = cifar10;
  const data = dataSources(cifar10, config, {
    ...choice,
    onWarning: (message) => output.say(output.colors.yellow(message)),
  });
  output.say(`data    ${describeData(data, config)}`);

  const model = xception(modelConfig(config, classNames.length));
  try {
    const { total, trainable } = countParameters(model);
    output.say(`model   Xception, ${formatCount(total)} parameters (${formatCount(trainable)} trainable)`);
    const scaling = describeScaling(config);
    if (scaling) output.say(`rate    ${scaling}`);
    signal.throwIfAborted();
    return await work({ engine, data, classNames, testImages: cifar10.test, model, parameters: total });
  } finally {
    model.dispose();
    await data.close();
  }
}

function describeData({ train, validation, test }: DataSources, config: RunConfig): string {
  const [training, held, testing] = [train.size, validation?.size ?? 0, test.size].map(formatCount);
  const sizes = stepsBySize(config, train.size).map(({ size }) => `${size}×${size}`);
  return `CIFAR-10 at ${sizes.join(', then ')}: ${training} training, ${held} validation, ${testing} test`;
}
