import type { EpochRecord, TrainState } from './checkpoint/state';
import type { PassedOver } from './checkpoint/store';
import type { ResolvedTrainConfig } from './config/train-config';
import type { Evaluation } from './evaluate';
import type { InitReport } from './init/train-init';
import type { OutOfMemoryEvent } from './memory/out-of-memory';
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
  /** What became of the weights that a new run was given to begin with; null where it was given none. */
  init: InitReport | null;
  /** Whether it has validation data. */
  validated: boolean;
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
  /** Mean norm of the gradients since the last log event, before they were clipped; there where they are. */
  gradientNorm?: number;
  /** Bytes in tensors. */
  tensorBytes: number;
}

export interface EpochEndEvent extends Omit<EpochRecord, 'validation' | 'ema'> {
  epochs: number;
  totalSteps: number;
  /** False where `maxSteps` or a stop ended the run within the epoch. The last one of planned `steps` is complete. */
  complete: boolean;
  /** Null where this epoch was not validated. */
  validation: Evaluation | null;
  /** That of the averaged weights; null where there are none or this epoch was not validated. */
  ema: Evaluation | null;
  /** Whether it is the best so far by the configured `bestMetric`. */
  best: boolean;
}

export interface CheckpointEvent {
  name: string;
  step: number;
  /** Whether it holds the best weights so far. */
  best: boolean;
}

export interface RollbackEvent {
  /** The step after which the run was found to have diverged. */
  step: number;
  /** The step of the checkpoint that the run goes on from: those after it are undone. */
  toStep: number;
  /** Epochs done at that step. */
  toEpoch: number;
  /** What the learning rates of the schedule are multiplied by from now on. */
  learningRateFactor: number;
  /** What was not finite. */
  reason: string;
}

type Awaitable = void | Promise<void>;

/** What a callback can ask of the run that tells it of something. */
export interface TrainControl {
  /** Ends the run in good order after this event, validated and saved; the first reason given is told. */
  stop(reason: string): void;
  /** Has a checkpoint written once all callbacks were told of this event. */
  save(): void;
}

/** What a callback keeps in checkpoints, so that a resumed run goes on with it. */
export interface CallbackState {
  /** The name under which it is kept: one per run, lower case. */
  readonly name: string;
  /** Plain data, as it is now. */
  save(): unknown;
  /** Takes over what an earlier session saved. Comes before `onTrainBegin`. */
  restore(saved: unknown): void;
}

/** What a run tells as it goes on; it waits for each of them. An error in one ends the run. */
export interface TrainCallback {
  readonly state?: CallbackState;
  /** A checkpoint was found to go on from. Comes before `onTrainBegin`. */
  onResume?(event: ResumeEvent): Awaitable;
  onTrainBegin?(event: TrainBeginEvent, control: TrainControl): Awaitable;
  /** After every step. */
  onStep?(event: StepEvent, control: TrainControl): Awaitable;
  /** After every `logEverySteps` steps, with figures that a resumed run repeats exactly. */
  onLog?(event: LogEvent, control: TrainControl): Awaitable;
  /** After an epoch and its validation, before its checkpoint. */
  onEpochEnd?(event: EpochEndEvent, control: TrainControl): Awaitable;
  /** The run diverged and goes on from an earlier checkpoint; the states of callbacks are those of then. */
  onRollback?(event: RollbackEvent, control: TrainControl): Awaitable;
  /** Memory ran out; what was under way is done again with fewer images at a time. */
  onOutOfMemory?(event: OutOfMemoryEvent, control: TrainControl): Awaitable;
  onCheckpoint?(event: CheckpointEvent): Awaitable;
  /** After the last step, however the run ended, unless by an error. */
  onTrainEnd?(result: TrainResult): Awaitable;
}

type EventOf<Name extends keyof TrainEvents> = Parameters<TrainEvents[Name]>[0];
type TrainEvents = Required<Omit<TrainCallback, 'state'>>;

const nothing: TrainControl = { stop: () => {}, save: () => {} };

/** Tells every callback of an event, one after another. */
export async function emit<Name extends keyof TrainEvents>(
  callbacks: readonly TrainCallback[],
  name: Name,
  event: EventOf<Name>,
  control: TrainControl = nothing,
): Promise<void> {
  for (const callback of callbacks) {
    const tell = callback[name] as ((event: EventOf<Name>, control: TrainControl) => Awaitable) | undefined;
    await tell?.call(callback, event, control);
  }
}
