import * as tf from '@tensorflow/tfjs-core';
import { type CallLog, recordCalls, replayCalls } from './recomputation';
import { type Save, withGradient } from './saved-tensors';

/**
 * Activation checkpointing: `f(...inputs)`, of which only the inputs are kept for the backward pass; that computes it
 * again, with what is in between, and so trades a second forward pass for memory.
 *
 * The gradients, by `inputs` and by `variables`, are those of `f` to the bit (of a variable that is used both in and out
 * of `f`, or in it twice, the parts may be added in another order). Of the layers of this package dropout drops
 * the same the second time, and batch normalization does not move its statistics again. `f` must be a function of
 * tensors that gives one, must draw no random numbers of its own, and every variable that a gradient is asked for must
 * be among `variables`. Where no gradient is computed `f` simply runs. Only first derivatives are supported.
 *
 * @example
 * const y = checkpoint((x) => tf.relu(tf.matMul(x, w)), [x], [w]);
 * @throws in the backward pass, if a second derivative is asked for.
 * @see Chen et al., "Training Deep Nets with Sublinear Memory Cost"; torch.utils.checkpoint; jax.checkpoint
 */
export function checkpoint<T extends tf.Tensor>(
  f: (...inputs: tf.Tensor[]) => T,
  inputs: readonly tf.Tensor[],
  variables: readonly tf.Variable[] = [],
): T {
  if (!tf.engine().isTapeOn()) return f(...inputs);
  const op = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as Save;
    const calls: CallLog = [];
    const value = recordCalls(calls, () => f(...(args.slice(0, inputs.length) as tf.Tensor[])));
    return withGradient(value, save, [...inputs], (dy, saved) =>
      gradients(() => replayCalls(calls, () => f(...saved)), [...saved, ...variables], dy),
    );
  });
  return op(...inputs, ...variables) as T;
}

/** The gradients of `f` by `xs`, within the backward pass of another gradient. */
function gradients(f: () => tf.Tensor, xs: readonly tf.Tensor[], dy: tf.Tensor): tf.Tensor[] {
  const engine = tf.engine();
  if (engine.isTapeOn()) throw new Error('checkpoint: only first derivatives are supported');
  // TensorFlow.js has one tape: the one that is being gone through comes back afterwards.
  const { activeTape } = engine.state;
  try {
    return tf.tidy(() => {
      const { grads } = engine.gradients(f, [...xs], dy, true);
      return xs.map((x, i) => grads[i] ?? tf.zerosLike(x));
    });
  } catch (error) {
    // It does not clean up after a gradient that failed, as where memory has run out.
    for (const node of [...(engine.state.activeTape ?? []), ...activeTape]) tf.dispose(node.saved ?? []);
    throw error;
  } finally {
    engine.state.activeTape = activeTape;
  }
}
