import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { rejectUnknownKeys } from '../unknown-keys';
import { fit } from './fit';
import { matchNames, type WeightNames } from './match-names';
import type { WeightFormat } from './read-bytes';
import { readSource, type WeightSource } from './read-source';
import { allLayers, slotsOf } from './slots';
import { warningsOf } from './warnings';

export interface LoadWeightsOptions {
  /**
   * What becomes of a classifier for another number of classes, or where the source has none. Default true: the
   * model keeps its own, and the report says so. False makes it an error.
   */
  replaceHead?: boolean;
}

/** What {@link loadWeights} did. */
export interface LoadReport {
  format: WeightFormat;
  /** Whose names the source has; `'timm'` are those of its `legacy_xception`, and of Cadene. */
  names: WeightNames;
  /** Names of the model's weights that have new values. */
  loaded: string[];
  /** Names of those that keep theirs, because the source has a classifier for other classes or none. */
  replaced: string[];
  /** Names of tensors in the source that are no weights of this model, such as counters. */
  ignored: string[];
  /** What would make the model compute something else than the one the weights are from. */
  warnings: string[];
}

/**
 * Gives a model weights from a file or another model, whatever of the known layouts they have: Keras's, those of
 * timm and Cadene in PyTorch, or ours.
 *
 * Nothing is assigned unless everything fits.
 *
 * @example
 * const model = xception({ classes: 10 });
 * const { replaced } = await loadWeights(model, new Uint8Array(await response.arrayBuffer()));
 * console.log(replaced); // ['predictions/kernel', 'predictions/bias'] with the weights of 1000 classes
 * @throws if the source cannot be read, or with a line for each name and shape that does not fit.
 */
export async function loadWeights(
  model: tfl.LayersModel,
  source: WeightSource,
  options: LoadWeightsOptions = {},
): Promise<LoadReport> {
  const { replaceHead } = checkOptions(options);
  const { format, tensors } = await readSource(source);
  const slots = slotsOf(model);
  const layers = allLayers(model).map(({ name }) => name);
  const matches = matchNames(tensors, slots, layers);
  const { assigned, replaced, ignored } = fit(matches, slots, replaceHead);
  for (const [{ variable, shape }, { array }] of assigned) {
    // A copy, because an engine may keep the array and write to it.
    tf.tidy(() => variable.assign(tf.tensor(array.data.slice(), shape, 'float32')));
  }
  return {
    format,
    names: matches.names,
    loaded: assigned.map(([{ name }]) => name),
    replaced,
    ignored,
    warnings: warningsOf(model, matches.names),
  };
}

function checkOptions(options: LoadWeightsOptions): Required<LoadWeightsOptions> {
  rejectUnknownKeys('loadWeights', options, ['replaceHead']);
  const { replaceHead = true } = options;
  if (typeof replaceHead !== 'boolean') {
    throw new Error(
      `loadWeights: \`replaceHead\` must be true or false, received ${JSON.stringify(replaceHead)}`,
    );
  }
  return { replaceHead };
}
