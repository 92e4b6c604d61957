import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from './parameters';

/** One variable of zeros per parameter. */
export function zeroSlots(parameters: readonly Parameter[]): tf.Variable[] {
  return parameters.map(({ variable }) =>
    tf.tidy(() => tf.variable(tf.zeros(variable.shape, 'float32'), false)),
  );
}

/** The slots by the name of their parameter and their own, such as `dense/kernel/velocity`. */
export function namedSlots(
  parameters: readonly Parameter[],
  slots: Record<string, readonly tf.Variable[]>,
): Record<string, tf.Variable> {
  return Object.fromEntries(
    Object.entries(slots).flatMap(([slot, variables]) =>
      parameters.map(({ name }, i) => [`${name}/${slot}`, variables[i]!]),
    ),
  );
}
