import type { Constant } from '../schedules/constant';
import type { Cosine } from '../schedules/cosine';
import type { CosineRestarts } from '../schedules/cosine-restarts';
import type { Exponential } from '../schedules/exponential';
import type { ResolvedSimple, SimpleSchedule } from '../schedules/kinds';
import type { Linear } from '../schedules/linear';
import type { MultiStep } from '../schedules/multi-step';
import type { OneCycle } from '../schedules/one-cycle';
import type { Plateau } from '../schedules/plateau';
import type { Polynomial } from '../schedules/polynomial';
import { type InRates, learningRate, rateNames } from '../schedules/quantity';
import { inverse, renameValues, resolveValues } from '../schedules/resolve';
import type { Sequence } from '../schedules/sequence';
import type { StepDecay } from '../schedules/step-decay';
import type { ResolvedValueSchedule } from '../schedules/value-schedule';

export type ConstantSchedule = InRates<Constant>;
export type StepDecaySchedule = InRates<StepDecay>;
export type MultiStepSchedule = InRates<MultiStep>;
export type ExponentialSchedule = InRates<Exponential>;
export type LinearSchedule = InRates<Linear>;
export type PolynomialSchedule = InRates<Polynomial>;
export type CosineSchedule = InRates<Cosine>;
export type CosineRestartsSchedule = InRates<CosineRestarts>;
export type OneCycleSchedule = InRates<OneCycle>;
export type PlateauSchedule = InRates<Plateau>;

/** Distributes over the union, which a mapped type alone does not. */
type EachInRates<Schedule> = Schedule extends object ? InRates<Schedule> : never;

/** A schedule of the learning rate that can be a part of a sequence. */
export type PartSchedule = EachInRates<SimpleSchedule>;
export type SequenceSchedule = Sequence<PartSchedule>;

export type ScheduleConfig = PartSchedule | SequenceSchedule;
export type ResolvedSchedule = EachInRates<ResolvedSimple> | Sequence<EachInRates<ResolvedSimple>>;

/**
 * Checks a schedule of the learning rate and fills in the defaults.
 *
 * @example resolveSchedule({ name: 'cosine' }) // { name: 'cosine', learningRate: 0.1, finalLearningRate: 0 }
 * @throws if a key is unknown (the nearest known one is named) or a value is out of range.
 */
export function resolveSchedule(given: ScheduleConfig): ResolvedSchedule {
  return renameValues(resolveValues(given, learningRate), rateNames) as ResolvedSchedule;
}

/** The same schedule in terms of values. */
export function inValues(schedule: ResolvedSchedule): ResolvedValueSchedule {
  return renameValues(schedule, inverse(rateNames)) as ResolvedValueSchedule;
}
