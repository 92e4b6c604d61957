import type { EpochRecord, TrainState } from './checkpoint/state';
import type { PassedOver } from './checkpoint/store';
import type { ResolvedTrainConfig } from './config/train-config';
import type { Evaluation } from './evaluate';
import type { TrainResult } from './train';

export interface ResumeEvent {
  /** The checkpoint that the run goes on from. */
  name: string;
  /** Newer ones that are damaged. */
  passedOver: PassedOver[];
  state: TrainState;
}

export interface TrainBeginEvent {
  /** Whether the run goes on from a checkpoint. */
  resumed: boolean;
  config: ResolvedTrainConfig;
  /** Steps done already: above 0 on a resume. */
  step: number;
  /** Epochs done already. */
  epoch: number;
  /** Epochs done already, with their figures. */
  history: readonly EpochRecord[];
  /** Steps at which this run ends. */
  totalSteps: number;
  stepsPerEpoch: number;
  /** Examples in one epoch. */
  examplesPerEpoch: number;
}

export interface StepEvent {
  /** Steps done. */
  step: number;
  totalSteps: number;
  /** The number of the epoch under way, from 1. */
  epoch: number;
  epochs: number;
  /** Mean training loss over the epoch so far, as last read: at most a tenth of a second ago. */
  loss: number;
  /** Training accuracy over the epoch so far, as last read. */
  accuracy: number;
  /** The learning rate of the step just done. */
  learningRate: number;
  /** Training speed since this session began, without validation. */
  imagesPerSecond: number;
  /** Training time left at this speed, without validation. */
  secondsLeft: number;
}

export interface LogEvent extends StepEvent {
  /** Mean training loss since the last log event. */
  loss: number;
  /** Training accuracy since the last log event. */
  accuracy: number;
  /** Bytes in tensors. */
  tensorBytes: number;
}

export interface EpochEndEvent extends Omit<EpochRecord, 'validation'> {
  epochs: number;
  totalSteps: number;
  /** False where `maxSteps` ended the run within the epoch. */
  complete: boolean;
  /** Null where this epoch was not validated. */
  validation: Evaluation | null;
  /** Whether its validation accuracy is the highest so far. */
  best: boolean;
}

export interface CheckpointEvent {
  name: string;
  step: number;
  /** Whether it holds the best weights so far. */
  best: boolean;
}

type Awaitable = void | Promise<void>;

/** What a run tells as it goes on; it waits for each of them. An error in one ends the run. */
export interface TrainCallback {
  /** A checkpoint was found to go on from. Comes before `onTrainBegin`. */
  onResume?(event: ResumeEvent): Awaitable;
  onTrainBegin?(event: TrainBeginEvent): Awaitable;
  /** After every step. */
  onStep?(event: StepEvent): Awaitable;
  /** After every `logEverySteps` steps, with figures that a resumed run repeats exactly. */
  onLog?(event: LogEvent): Awaitable;
  /** After an epoch and its validation, before its checkpoint. */
  onEpochEnd?(event: EpochEndEvent): Awaitable;
  onCheckpoint?(event: CheckpointEvent): Awaitable;
  /** After the last step, however the run ended, unless by an error. */
  onTrainEnd?(result: TrainResult): Awaitable;
}

type EventOf<Name extends keyof TrainCallback> = Parameters<NonNullable<TrainCallback[Name]>>[0];

/** Tells every callback of an event, one after another. */
export async function emit<Name extends keyof TrainCallback>(
  callbacks: readonly TrainCallback[],
  name: Name,
  event: EventOf<Name>,
): Promise<void> {
  for (const callback of callbacks) {
    await (callback[name] as ((event: EventOf<Name>) => Awaitable) | undefined)?.call(callback, event);
  }
}
