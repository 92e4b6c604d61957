import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { oneOf } from '../exporting/one-of';
import { readWeights } from '../exporting/read-weights';
import { rejectUnknownKeys } from '../unknown-keys';
import { encodeGraphModel } from './encode';
import { foldBatchNorm } from './fold-batch-norm';
import { toGraph } from './to-graph';

export interface ExportGraphModelOptions {
  /**
   * Default `'fold'`: batch normalization is multiplied into the convolution in front of it, which is faster;
   * `'keep'` leaves ops of its own.
   */
  batchNorm?: 'fold' | 'keep';
}

/**
 * A model for inference as a TensorFlow.js graph model, float32, for batches of any size: plain TensorFlow ops, which
 * `loadGraphModel` of `@tensorflow/tfjs-converter` runs without any layer of this project.
 *
 * The result goes to any save handler, or straight back through `tf.io.fromMemory`. Input and outputs have the names of
 * their layers: of `xception`, `input_layer` [batch, height, width, channels] and `predictions` [batch, classes].
 * Takes every model that `xception` and `featureExtractor` build, and others of the same layers, TensorFlow.js's own
 * or those of `@xcp/layers`.
 *
 * @example
 * const artifacts = await exportGraphModel(model);
 * const graph = await loadGraphModel(tf.io.fromMemory(artifacts));
 * const logits = graph.predict(images);
 * @throws if an option is unknown or out of its range, or naming the layer that no graph can be written for.
 */
export async function exportGraphModel(
  model: tfl.LayersModel,
  options: ExportGraphModelOptions = {},
): Promise<tf.io.ModelArtifacts> {
  rejectUnknownKeys('exportGraphModel', options, ['batchNorm']);
  const { batchNorm = 'fold' } = options;
  oneOf('exportGraphModel', 'batchNorm', batchNorm, ['fold', 'keep']);
  const graph = toGraph(model, await readWeights(model));
  return encodeGraphModel(batchNorm === 'fold' ? foldBatchNorm(graph) : graph);
}
