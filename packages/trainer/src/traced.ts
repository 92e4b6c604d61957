import * as tf from '@tensorflow/tfjs-core';

type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor[];

export interface Traced {
  call(inputs: tf.Tensor[]): tf.Tensor[];
  /** Frees what the engine keeps of it. */
  dispose(): void;
}

/**
 * A function of tensors and variables that the engine may run again without JavaScript between its kernels
 * (`traced` of `@xcp/backend`); engines that cannot do that run it as it is.
 */
export function traced(run: TensorFunction): Traced {
  const engine = tf.backend() as unknown as { trace?(run: TensorFunction): Traced };
  return engine.trace?.(run) ?? untraced(run);
}

/** A function that is run as it is, on every engine. */
export function untraced(run: TensorFunction): Traced {
  return { call: (inputs) => run(...inputs), dispose: () => undefined };
}
