import type { NamedArrays } from '@xcp/safetensors';
import type { Found, Matches } from './match-names';
import { HEAD, layersOf, type Slot } from './slots';

/**
 * Places tensors as Keras 3 writes them into `.weights.h5`: `layers/separable_conv2d_3/vars/0`, where the number
 * counts the layers of a class in the model's order, and the last one the weights of a layer.
 *
 * @see keras/src/saving/saving_lib.py, `_save_container_state`
 */
export function matchKerasPaths(tensors: NamedArrays, slots: readonly Slot[]): Matches {
  const paths = pathsOf(slots);
  const found = new Map<string, Found>();
  const unknown: string[] = [];
  for (const [from, array] of Object.entries(tensors)) {
    // A model inside another has its layers further down: `layers/functional/layers/conv2d/vars/0`.
    const slot = paths.get(from.slice(from.lastIndexOf('/', from.indexOf('/vars/') - 1) + 1));
    if (slot === undefined || found.has(slot)) unknown.push(from);
    else found.set(slot, { from, array });
  }
  return { names: 'keras', found, unknown, ignored: [] };
}

/** The names of weights by their paths. */
function pathsOf(slots: readonly Slot[]): Map<string, string> {
  const paths = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const layer of layersOf(slots)) {
    const own = slots.filter((slot) => slot.layer === layer);
    const name = className(layer, own);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    own.forEach((slot, i) => {
      paths.set(`${count === 0 ? name : `${name}_${count}`}/vars/${i}`, slot.name);
    });
  }
  return paths;
}

function className(layer: string, slots: readonly Slot[]): string {
  if (layer === HEAD) return 'dense';
  if (layer.endsWith('_bn')) return 'batch_normalization';
  return slots.some(({ kind }) => kind === 'depthwise_kernel') ? 'separable_conv2d' : 'conv2d';
}
