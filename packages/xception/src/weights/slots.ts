import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** A place for a weight in a model. */
export interface Slot {
  /** Layer and kind, such as `block1_conv1/kernel`. */
  name: string;
  layer: string;
  kind: string;
  shape: number[];
  variable: tf.Variable;
}

/** The layers of a model, those of models within it in their place. */
export function allLayers(model: tfl.LayersModel): tfl.layers.Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof tfl.LayersModel ? allLayers(layer) : layer));
}

/**
 * The weights of a model in its order of layers, which is Keras's; those of a layer that is applied several times once.
 *
 * @throws if two weights have the same name.
 */
export function slotsOf(model: tfl.LayersModel): Slot[] {
  const slots = allLayers(model).flatMap((layer) => inKerasOrder(layer.weights.map((w) => slotOf(layer, w))));
  const names = new Set<string>();
  for (const { name } of slots) {
    if (names.has(name)) {
      throw new Error(`weights: names must be unique, received '${name}' twice; rename a layer`);
    }
    names.add(name);
  }
  return slots;
}

function slotOf(owner: tfl.layers.Layer, weight: tfl.LayerVariable): Slot {
  // A layer around others has their weights, under their names: `block5/block5_sepconv1/depthwise_kernel`.
  const parts = weight.originalName.split('/');
  const kind = parts.at(-1)!;
  const layer = parts.at(-2) ?? owner.name;
  const shape = weight.shape as number[];
  return { name: `${layer}/${kind}`, layer, kind, shape, variable: weight.read() as tf.Variable };
}

/** The weights of one layer as they are, and those of a layer around a block as Keras has them: the shortcut's last. */
function inKerasOrder(slots: Slot[]): Slot[] {
  const keys = layersOf(slots).map((layer) => ({
    layer,
    // `block5_residual` comes before `block5_residual_bn`, as `block5_sepconv1` does.
    key: `${Number(layer.includes('_residual_'))} ${layer.replace(/_conv$/, '')}`,
  }));
  keys.sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
  return keys.flatMap(({ layer }) => slots.filter((slot) => slot.layer === layer));
}

/** The layer that gives a score to each class. */
export const HEAD = 'predictions';

/** The names of layers, each once, in their order. */
export function layersOf(slots: readonly { layer: string }[]): string[] {
  return [...new Set(slots.map(({ layer }) => layer))];
}

/** The number in `block13_residual_conv`, or -1 where a layer belongs to no block. */
export function blockOf(layer: string): number {
  return Number(/^block(\d+)_/.exec(layer)?.[1] ?? -1);
}
