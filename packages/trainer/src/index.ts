export { softmaxCrossEntropy } from '@xcp/layers';
export type { NamedArray, NamedArrays } from '@xcp/safetensors';
export type { Batch, BatchSource, MixedLabels } from './batch';
export type {
  CheckpointEvent,
  EpochEndEvent,
  LogEvent,
  ResumeEvent,
  StepEvent,
  TrainBeginEvent,
  TrainCallback,
} from './callbacks';
export { memoryStore } from './checkpoint/memory-store';
export type { Best, EpochRecord, TrainState } from './checkpoint/state';
export type {
  Checkpoint,
  CheckpointStore,
  FoundCheckpoint,
  PassedOver,
  StoreOptions,
} from './checkpoint/store';
export type { AdamConfig, OptimizerConfig, ResolvedOptimizer, SgdConfig } from './config/optimizer-config';
export {
  type ConstantSchedule,
  type OneCycleSchedule,
  type ResolvedSchedule,
  resolveSchedule,
  type ScheduleConfig,
  type Span,
  type StepDecaySchedule,
} from './config/schedule-config';
export { type ResolvedTrainConfig, resolveConfig, type TrainConfig } from './config/train-config';
export { type ClassAccuracy, type EvaluateOptions, type Evaluation, evaluate } from './evaluate';
export { type ResumeOptions, resume } from './resume';
export { learningRateAt, type Progress } from './schedule';
export { type TrainOptions, type TrainResult, train } from './train';
export { loadWeights, modelWeights } from './weights';
