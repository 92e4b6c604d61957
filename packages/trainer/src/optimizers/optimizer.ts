import * as tf from '@tensorflow/tfjs-core';
import type { ResolvedOptimizer } from '../config/optimizer-config';
import { adam } from './adam';
import { muon } from './muon';
import type { Parameter } from './parameters';
import { rmsprop } from './rmsprop';
import { sgd } from './sgd';

/** Moves parameters against their gradients, in place. */
export interface Optimizer {
  /** Takes one gradient per parameter, in order. `step` is the number of this step in the run, from 1. */
  apply(gradients: readonly tf.Tensor[], learningRate: number, step: number): void;
  /** What it remembers between steps, by name, such as `dense/kernel/velocity`. */
  readonly slots: Readonly<Record<string, tf.Variable>>;
}

/** What changes from step to step beside the learning rate: functions of the number of the step, from 1. */
export interface Courses {
  /** In place of the configured momentum or beta1. */
  momentum?: (step: number) => number;
  /** Multiplies the weight decay of every weight. */
  weightDecayFactor?: (step: number) => number;
}

/** The optimizer that a configuration describes; its slots start at 0. Its `slots` are for the caller to dispose. */
export function createOptimizer(
  config: ResolvedOptimizer,
  parameters: readonly Parameter[],
  courses: Courses = {},
): Optimizer {
  switch (config.name) {
    case 'sgd':
      return sgd(config, parameters, courses);
    case 'muon':
      return muon(config, parameters, courses);
    case 'rmsprop':
      return rmsprop(config, parameters, courses);
    default:
      return adam(config, parameters, courses);
  }
}

/** Frees the slots of an optimizer. */
export function disposeOptimizer({ slots }: Optimizer): void {
  tf.dispose(slots as tf.NamedTensorMap);
}
