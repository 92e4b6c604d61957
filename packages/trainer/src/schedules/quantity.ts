import type { NumberRule } from '../config/checks';

/** The numbers of a schedule that are values of what it schedules. */
export interface ValueNames {
  value: string;
  initialValue: string;
  middleValue: string;
  finalValue: string;
  minValue: string;
}

/** What a schedule moves: how its values are called in a configuration, and which ones it may have. */
export interface Quantity {
  /** The configuration's key. */
  subject: string;
  names: ValueNames;
  rule: NumberRule;
  /** The rule for the value that the others are drawn from. */
  startRule: NumberRule;
}

export const rateNames = {
  value: 'learningRate',
  initialValue: 'initialLearningRate',
  middleValue: 'maxLearningRate',
  finalValue: 'finalLearningRate',
  minValue: 'minLearningRate',
} as const satisfies ValueNames;

const valueNames: ValueNames = {
  value: 'value',
  initialValue: 'initialValue',
  middleValue: 'middleValue',
  finalValue: 'finalValue',
  minValue: 'minValue',
};

export const learningRate: Quantity = {
  subject: 'schedule',
  names: rateNames,
  rule: { min: 0 },
  startRule: { above: 0 },
};

const momentumRule = { min: 0, below: 1 };

export const momentum: Quantity = {
  subject: 'momentumSchedule',
  names: valueNames,
  rule: momentumRule,
  startRule: momentumRule,
};

export const weightDecay: Quantity = {
  subject: 'weightDecaySchedule',
  names: valueNames,
  rule: { min: 0 },
  startRule: { min: 0 },
};

/** A schedule's type with the names of a learning rate for those of a value. */
export type InRates<T> = {
  [Key in keyof T as Key extends keyof typeof rateNames ? (typeof rateNames)[Key] : Key]: T[Key];
};
