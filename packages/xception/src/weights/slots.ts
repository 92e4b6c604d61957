import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** A place for a weight in a model. */
export interface Slot {
  /** Layer and kind, such as `block1_conv1/kernel`. */
  name: string;
  layer: string;
  kind: string;
  shape: number[];
  variable: tf.Variable;
}

/**
 * The weights of a model in its order of layers, those of a layer that is applied several times once.
 *
 * @throws if two weights have the same name.
 */
export function slotsOf(model: tfl.LayersModel): Slot[] {
  const slots: Slot[] = [];
  const names = new Set<string>();
  for (const layer of model.layers) {
    for (const weight of layer.weights) {
      const kind = weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1);
      const name = `${layer.name}/${kind}`;
      if (names.has(name)) {
        throw new Error(`weights: names must be unique, received '${name}' twice; rename a layer`);
      }
      names.add(name);
      const shape = weight.shape as number[];
      slots.push({ name, layer: layer.name, kind, shape, variable: weight.read() as tf.Variable });
    }
  }
  return slots;
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
