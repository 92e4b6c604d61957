import type { TrainConfig } from '@xcp/trainer';
import type { RunConfig } from '../config/run-config';
import { learningRateScale } from './batch-scaling';

/** The part of a run's configuration that the training loop takes. */
export function trainConfig(config: RunConfig): TrainConfig {
  const { epochs, steps, maxSteps, optimizer, labelSmoothing, ema, seed, logging, checkpoints } = config;
  const { syncBatchNorm, checksumEverySteps } = config;
  const { microBatchSize, clipNorm, clipValue, onDivergence } = config;
  const { schedule, momentumSchedule, weightDecaySchedule } = config;
  return {
    epochs,
    steps,
    maxSteps,
    optimizer,
    schedule: schedule as TrainConfig['schedule'],
    learningRateScale: learningRateScale(config),
    momentumSchedule: momentumSchedule as TrainConfig['momentumSchedule'],
    weightDecaySchedule: weightDecaySchedule as TrainConfig['weightDecaySchedule'],
    labelSmoothing,
    syncBatchNorm,
    checksumEverySteps,
    microBatchSize,
    clipNorm,
    clipValue,
    onDivergence,
    ema,
    seed,
    logEverySteps: logging.everySteps,
    checkpointEveryEpochs: checkpoints.everyEpochs,
    checkpointEverySteps: checkpoints.everySteps,
    checkpointEveryMinutes: checkpoints.everyMinutes,
    ...(checkpoints.bestMetric !== null && { bestMetric: checkpoints.bestMetric }),
  };
}
