import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { modelVariables } from '../weights';
import type { WeightAverages } from './weight-averages';

/**
 * Runs `work` while the model has the averages for its weights; however it ends, the weights are back afterwards.
 *
 * No value is copied: variables are pointed at other data and back, so that not a bit can change.
 */
export async function withAverages<T>(
  model: tfl.LayersModel,
  { variables }: WeightAverages,
  work: () => Promise<T>,
): Promise<T> {
  const weights = Object.entries(modelVariables(model));
  const kept = weights.map(([, weight]) => tf.tidy(() => tf.keep(tf.clone(weight))));
  try {
    for (const [name, weight] of weights) tf.tidy(() => weight.assign(tf.clone(variables[name]!)));
    return await work();
  } finally {
    weights.forEach(([, weight], i) => {
      weight.assign(kept[i]!);
    });
    tf.dispose(kept);
  }
}
