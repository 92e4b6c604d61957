import * as tfl from '@tensorflow/tfjs-layers';
import { tap } from './tap';

/**
 * A model that gives inner activations: one output for each of `taps`, in their order.
 *
 * A tap is the name of a layer, `'block2'` to `'block14'` for what leaves a block (`'block13'` is
 * [batch, 10, 10, 1024] of 299 pixels), or `'features'` for the last map before pooling. The extractor shares
 * layers and weights with `model`: train, freeze or dispose of one, and it happens to both.
 *
 * @example
 * const extractor = featureExtractor(model, ['block4', 'features']);
 * const [coarse, last] = extractor.predict(images) as tf.Tensor[];
 * @throws if there is no tap, one comes twice, or a name is not one of the model's (it names the nearest).
 */
export function featureExtractor(model: tfl.LayersModel, taps: readonly string[]): tfl.LayersModel {
  if (!Array.isArray(taps) || taps.length === 0) {
    throw new Error(
      `featureExtractor: \`taps\` must be a list of names of layers or blocks, received ${JSON.stringify(taps)}`,
    );
  }
  const outputs = taps.map((name) => tap('featureExtractor', model, name));
  const twice = taps.find((_, i) => outputs.indexOf(outputs[i]!) !== i);
  if (twice !== undefined) {
    throw new Error(`featureExtractor: \`taps\` must be different outputs, received \`${twice}\` again`);
  }
  return tfl.model({ name: `${model.name}_features`, inputs: model.inputs, outputs });
}
