export { softmaxCrossEntropy } from '@xcp/layers';
export type { NamedArray, NamedArrays } from '@xcp/safetensors';
export type { Batch, BatchSource, MixedLabels } from './batch';
export type {
  CallbackState,
  CheckpointEvent,
  EpochEndEvent,
  LogEvent,
  ResumeEvent,
  RollbackEvent,
  StepEvent,
  TrainBeginEvent,
  TrainCallback,
  TrainControl,
} from './callbacks';
export { type EarlyStoppingOptions, earlyStopping } from './callbacks/early-stopping';
export { exclusively } from './checkpoint/exclusively';
export { memoryStore } from './checkpoint/memory-store';
export type { Best, EpochRecord, RollbackRecord, TrainState } from './checkpoint/state';
export type {
  Checkpoint,
  CheckpointStore,
  FoundCheckpoint,
  PassedOver,
  StoreOptions,
} from './checkpoint/store';
export { broadcastJson } from './collective/broadcast';
export { alone, type Collective, PeerError, RanksDifferError, type ReduceOp } from './collective/collective';
export { endsAllRanks } from './collective/ends-all-ranks';
export { drawnOverRun } from './config/continued-config';
export type { EmaConfig, ResolvedEma } from './config/ema-config';
export type { LearningRateScale } from './config/learning-rate-scale';
export type {
  AdamConfig,
  AdamWConfig,
  MuonConfig,
  OptimizerConfig,
  ResolvedOptimizer,
  RmspropConfig,
  SgdConfig,
} from './config/optimizer-config';
export type { ParameterGroup, ResolvedGroup } from './config/parameter-groups';
export {
  type ConstantSchedule,
  type CosineRestartsSchedule,
  type CosineSchedule,
  type ExponentialSchedule,
  type LinearSchedule,
  type MultiStepSchedule,
  type OneCycleSchedule,
  type PartSchedule,
  type PlateauSchedule,
  type PolynomialSchedule,
  type ResolvedSchedule,
  resolveSchedule,
  type ScheduleConfig,
  type SequenceSchedule,
  type StepDecaySchedule,
} from './config/schedule-config';
export { type ResolvedTrainConfig, resolveConfig, type TrainConfig } from './config/train-config';
export { checkMetric } from './courses';
export { diagnose } from './diagnose/diagnose';
export type { DiagnosedEpoch, DiagnoseOptions, Diagnosis, DiagnosisKind } from './diagnose/diagnosis';
export { DivergenceError } from './divergence';
export { type RecalibrateOptions, recalibrateBatchNorm } from './ema/recalibrate-batch-norm';
export {
  type ClassAccuracy,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type JudgedImages,
} from './evaluate';
export { checkInit } from './init/plan-init';
export type { InitReport, TrainInit } from './init/train-init';
export { type BatchTrial, type FitBatchOptions, type FitBatchResult, fitBatch } from './memory/fit-batch';
export type { OutOfMemoryEvent } from './memory/out-of-memory';
export { learningRateRangeTest, type RangeTestOptions, type RangeTestResult } from './range-test';
export { type ResumeOptions, resume } from './resume';
export { learningRateAt } from './schedule';
export { brailleCurve } from './schedules/braille';
export { type PlotOptions, plotCurve } from './schedules/curve';
export type { EpochMetric } from './schedules/epoch-metric';
export type { Milestones } from './schedules/multi-step';
export type { PlateauMetric } from './schedules/plateau';
export { plotSchedule } from './schedules/plot';
export { type PlannedRun, type SchedulePoint, schedulePoints } from './schedules/points';
export type { EpochFigures, Progress } from './schedules/progress';
export type { Lasting } from './schedules/sequence';
export type { Duration, Span } from './schedules/span';
export { type ResolvedValueSchedule, type ValueSchedule, valueAt } from './schedules/value-schedule';
export type { RangePoint, RangeSuggestion } from './suggest-rates';
export { type TrainOptions, type TrainResult, train } from './train';
export type { Views } from './views';
export { loadWeights, modelWeights } from './weights';
