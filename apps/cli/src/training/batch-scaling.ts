import type { TrainConfig } from '@xcp/trainer';
import type { RunConfig } from '../config/run-config';
import { formatCount } from '../terminal/format';

type Scaled = Pick<RunConfig, 'batchSize' | 'batchScaling'>;

/** What the learning rates of the schedule are multiplied by. */
export function learningRateScale({
  batchSize,
  batchScaling,
}: Scaled): NonNullable<TrainConfig['learningRateScale']> | null {
  if (!batchScaling) return null;
  const times = batchSize / batchScaling.batchSize;
  const factor = batchScaling.rule === 'linear' ? times : Math.sqrt(times);
  return { factor, warmupEpochs: batchScaling.warmupEpochs };
}

/** How the learning rates are scaled, for the banner; undefined where they are not. */
export function describeScaling(config: Scaled): string | undefined {
  const scale = learningRateScale(config);
  if (!scale) return undefined;
  const { batchSize, rule, warmupEpochs } = config.batchScaling!;
  const reached = warmupEpochs ? `, reached over ${warmupEpochs} epochs` : '';
  const batches = `batches of ${formatCount(config.batchSize)}, the schedule for ${formatCount(batchSize)}`;
  return `${Number(scale.factor.toPrecision(4))} times the learning rate (${rule}: ${batches})${reached}`;
}
