import type * as tfl from '@tensorflow/tfjs-layers';
import { allLayers } from '../weights/slots';
import type { Constant } from './application';

/** The weights of each layer, by their names without the layer's. */
export type LayerWeights = ReadonlyMap<tfl.layers.Layer, ReadonlyMap<string, Constant>>;

/** Reads all weights of a model, and of the models within it. */
export async function readWeights(model: tfl.LayersModel): Promise<LayerWeights> {
  const entries = allLayers(model).map(async (layer) => {
    const weights = layer.weights.map(async (weight) => {
      const data = (await weight.read().data()) as Float32Array;
      return [weight.originalName.split('/').at(-1)!, { dims: weight.shape as number[], data }] as const;
    });
    return [layer, new Map(await Promise.all(weights))] as const;
  });
  return new Map(await Promise.all(entries));
}
