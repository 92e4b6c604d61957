import type * as tf from '@tensorflow/tfjs-core';
import { relu } from './relu';
import { deserialize } from './serializable';
import type { ActivationName } from './types';

/** An activation by its TensorFlow.js name. */
export type Activation = tf.serialization.Serializable & { apply(x: tf.Tensor): tf.Tensor };

/** The activation of that name; none is the linear one. */
export function activation(subject: string, argument: string, name?: ActivationName | null): Activation {
  return deserialize<Activation>('activation', subject, argument, name ?? 'linear')!;
}

/** The activation of `x`; the rectifier by the cheaper op of this package. */
export function activate(activation: Activation, x: tf.Tensor): tf.Tensor {
  return activation.getClassName() === 'relu' ? relu(x) : activation.apply(x);
}
