import { type Constant, constant } from './constant';
import { type Cosine, cosine } from './cosine';
import { type CosineRestarts, cosineRestarts } from './cosine-restarts';
import { type Exponential, exponential } from './exponential';
import type { Kind } from './kind';
import { type Linear, linear } from './linear';
import { type MultiStep, multiStep } from './multi-step';
import { type OneCycle, oneCycle } from './one-cycle';
import { type Plateau, plateau } from './plateau';
import { type Polynomial, polynomial } from './polynomial';
import type { Progress } from './progress';
import { type StepDecay, stepDecay } from './step-decay';

/** A schedule that is not a sequence of others. */
export type SimpleSchedule =
  | Constant
  | StepDecay
  | MultiStep
  | Exponential
  | Linear
  | Polynomial
  | Cosine
  | CosineRestarts
  | OneCycle
  | Plateau;

/** Every key of it filled in. */
export type ResolvedSimple = {
  [Name in SimpleSchedule['name']]: Required<Named<Name>>;
}[SimpleSchedule['name']];

type Named<Name> = Extract<SimpleSchedule, { name: Name }>;

export const kinds: { [Name in SimpleSchedule['name']]: Kind<Named<Name>> } = {
  constant,
  stepDecay,
  multiStep,
  exponential,
  linear,
  polynomial,
  cosine,
  cosineRestarts,
  oneCycle,
  plateau,
};

/** The value of a schedule at a point of a run. */
export function simpleValueAt(schedule: ResolvedSimple, progress: Progress): number {
  const kind = kinds[schedule.name] as unknown as Kind<{ name: string }>;
  return kind.at(schedule, progress);
}
