import type { EpochRecord } from '@xcp/trainer';
import type { Prediction, RgbImage } from '@xcp/xception';
import type { EngineChoice, EngineStatus } from './engine';
import type { Settings } from './settings';

/** What the page asks of the worker. */
export type ToWorker =
  | { kind: 'begin'; engine: EngineChoice }
  | { kind: 'start'; settings: Settings; files: File[] }
  | { kind: 'goOn'; files: File[] }
  | { kind: 'pause' }
  | { kind: 'finish' }
  | { kind: 'discard' }
  | { kind: 'classify'; picture: RgbImage };

/** `empty`: there is no run. `paused`: one can go on. `finished`: its last epoch is done, or it was finished early. */
export type Phase = 'empty' | 'loading' | 'training' | 'testing' | 'paused' | 'finished';

/** A point of the curves: figures since the point before. */
export interface CurvePoint {
  step: number;
  loss: number;
  accuracy: number;
}

/** A run as it stands. */
export interface Run {
  settings: Settings;
  step: number;
  totalSteps: number;
  points: CurvePoint[];
  history: EpochRecord[];
}

/** Where CIFAR-10 can be had from without asking the user. */
export type Cifar10Place = 'browser' | 'server' | null;

/** What the worker tells the page. */
export type FromWorker =
  | { kind: 'ready'; engine: EngineStatus; cifar10: Cifar10Place; run: Run | null }
  | { kind: 'phase'; phase: Phase; note: string }
  | { kind: 'run'; run: Run }
  | { kind: 'progress'; step: number; imagesPerSecond: number; secondsLeft: number }
  | { kind: 'ended'; step: number }
  | { kind: 'point'; point: CurvePoint }
  | { kind: 'epoch'; record: EpochRecord; epochs: number }
  | { kind: 'saved'; step: number }
  /** `step` is that of the run, or null if there is none, and the weights that ship were looked through. */
  | { kind: 'classified'; predictions: Prediction[]; heat: Float32Array; size: number; step: number | null }
  | { kind: 'failed'; what: 'run' | 'picture' | 'engine'; message: string };
