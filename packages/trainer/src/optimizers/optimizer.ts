import * as tf from '@tensorflow/tfjs-core';
import type { ResolvedOptimizer } from '../config/optimizer-config';
import { adam } from './adam';
import type { Parameter } from './parameters';
import { sgd } from './sgd';

/** Moves parameters against their gradients, in place. */
export interface Optimizer {
  /** Takes one gradient per parameter, in order. `step` is the number of this step in the run, from 1. */
  apply(gradients: readonly tf.Tensor[], learningRate: number, step: number): void;
  /** What it remembers between steps, by name, such as `dense/kernel/velocity`. */
  readonly slots: Readonly<Record<string, tf.Variable>>;
}

/** The optimizer that a configuration describes; its slots start at 0. Its `slots` are for the caller to dispose. */
export function createOptimizer(config: ResolvedOptimizer, parameters: readonly Parameter[]): Optimizer {
  return config.name === 'sgd' ? sgd(config, parameters) : adam(config, parameters);
}

/** Frees the slots of an optimizer. */
export function disposeOptimizer({ slots }: Optimizer): void {
  tf.dispose(slots as tf.NamedTensorMap);
}
