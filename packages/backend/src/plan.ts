import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from './backend';

export type PlanInputs = Record<string, TensorInfo | undefined>;

/**
 * How a tensor is computed whose values nobody has needed yet. A kernel that gets such a tensor may make a plan of its
 * own of it, which does both at once.
 */
export abstract class Plan<I extends PlanInputs = PlanInputs> {
  constructor(readonly inputs: I) {}

  /** The same over the same tensors under other names. */
  abstract over(inputs: I): Plan<I>;

  abstract compute(backend: XcpBackend, into: TensorInfo): void;
}
