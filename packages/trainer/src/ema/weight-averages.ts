import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { ResolvedEma } from '../config/ema-config';
import { fusedUpdate } from '../optimizers/fused-update';
import { modelVariables } from '../weights';
import { emaDecay } from './decay';

/** Averages of all weights of a model, batch-norm statistics included. */
export interface WeightAverages {
  /** By the names of the weights; for whoever made the averages to dispose. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Begins anew with the weights as they are. */
  restart(): void;
  /** Takes in the weights after a step, counted from 1. */
  update(step: number): void;
}

/**
 * Averages that begin with the weights as they are: average += (1 − decay) · (weight − average), by the engine's kernel
 * `XcpEmaUpdate` or composed of TensorFlow.js ops. Weights that are no float32 are taken over as they are.
 *
 * @see Polyak and Juditsky, "Acceleration of stochastic approximation by averaging"
 */
export function weightAverages(model: tfl.LayersModel, config: ResolvedEma): WeightAverages {
  const weights = modelVariables(model);
  const variables = tf.tidy(() =>
    Object.fromEntries(
      Object.entries(weights).map(([name, weight]) => [name, tf.variable(tf.clone(weight), false)]),
    ),
  );
  const pairs = Object.entries(weights).map(([name, weight]) => ({ weight, average: variables[name]! }));
  const floats = pairs.filter(({ weight }) => weight.dtype === 'float32');
  const others = pairs.filter(({ weight }) => weight.dtype !== 'float32');
  const takeOver = (taken: typeof pairs) =>
    tf.tidy(() => {
      for (const { weight, average } of taken) average.assign(tf.clone(weight));
    });

  return {
    variables,
    restart: () => takeOver(pairs),
    update(step) {
      const decay = emaDecay(config, step);
      if (decay === null) return;
      takeOver(others);
      const inputs = [...floats.map(({ average }) => average), ...floats.map(({ weight }) => weight)];
      if (fusedUpdate('XcpEmaUpdate', inputs, { decay })) return;
      for (const { weight, average } of floats) {
        tf.tidy(() => average.assign(tf.add(average, tf.mul(tf.sub(weight, average), 1 - decay))));
      }
    },
  };
}
