import type * as tfl from '@tensorflow/tfjs-layers';
import { nodesBehind } from './model-nodes';
import { tap } from './tap';

/**
 * Freezes the model up to a layer or block, for transfer learning: all layers that it is computed from, and
 * itself, stop training; the others are left as they are. Gives the frozen layers.
 *
 * Frozen batch normalization normalizes with its moving statistics even while the rest of the model trains, and
 * these stay put. `upTo` is a name as in {@link featureExtractor}; `'features'` leaves the classifier alone to
 * train. A block of a shared middle flow is frozen wherever it is applied.
 *
 * @example
 * freeze(model, 'block13');
 * countParameters(model).trainable; // those of block 14 and the classifier
 * @throws if there is no such layer or block, or a layer to freeze is TensorFlow.js's own batch normalization,
 *   which goes on using and moving batch statistics when frozen; nothing is frozen then.
 * @see keras.io/guides/transfer_learning
 */
export function freeze(model: tfl.LayersModel, upTo: string): tfl.layers.Layer[] {
  const nodes = nodesBehind([tap('freeze', model, upTo)]);
  const layers = [...new Set(nodes.map((node) => node.sourceLayer))];
  const unfit = layers.find((layer) => layer.getClassName() === 'BatchNormalization');
  if (unfit) {
    throw new Error(
      `freeze: layer \`${unfit.name}\` is TensorFlow.js's own batch normalization, which goes on using batch ` +
        'statistics when frozen; build the model with `xception` and load its weights',
    );
  }
  for (const layer of layers) layer.trainable = false;
  return layers;
}

/**
 * Lets every layer of a model train again.
 *
 * @example
 * unfreeze(model);
 * freeze(model, 'block4'); // the second stage of fine-tuning
 */
export function unfreeze(model: tfl.LayersModel): void {
  for (const layer of model.layers) layer.trainable = true;
}
