import type { NamedArrays } from '@xcp/safetensors';
import { residuals } from './keras-names';
import type { Found, Matches } from './match-names';
import { HEAD, layersOf, type Slot } from './slots';

/** Weights of one layer in the source: their names by kind. */
type Kinds = Map<string, string>;

/**
 * Places tensors named after layers: `block1_conv1/kernel`.
 *
 * A layer whose name Keras made up goes by what it holds: such 1×1 convolutions and batch normalizations are those of
 * the shortcuts, in the order of their numbers, and a single such dense layer is the classifier.
 */
export function matchKeras(tensors: NamedArrays, slots: readonly Slot[]): Matches {
  const sources = byLayer(Object.keys(tensors));
  const places = renamed(tensors, sources, layersOf(slots));
  const known = new Set(slots.map(({ name }) => name));
  const found = new Map<string, Found>();
  const unknown: string[] = [];
  for (const [layer, kinds] of sources) {
    for (const [kind, from] of kinds) {
      const slot = `${places.get(layer) ?? layer}/${kind}`;
      if (known.has(slot) && !found.has(slot)) found.set(slot, { from, array: tensors[from]! });
      else unknown.push(from);
    }
  }
  return { names: places.size > 0 ? 'keras' : 'xcp', found, unknown, ignored: [] };
}

function byLayer(names: readonly string[]): Map<string, Kinds> {
  const layers = new Map<string, Kinds>();
  for (const name of names) {
    const parts = name.split('/');
    const kind = parts.at(-1)!;
    const own = parts.at(-2) ?? '';
    // Of two layers of one name, the second goes by all that stands before it, and finds no place.
    const layer = layers.get(own)?.has(kind) ? parts.slice(0, -1).join('/') : own;
    const kinds = layers.get(layer) ?? new Map<string, string>();
    layers.set(layer, kinds.set(kind, name));
  }
  return layers;
}

/** Our names for the layers of the source that have one of Keras's making. */
function renamed(
  tensors: NamedArrays,
  sources: ReadonlyMap<string, Kinds>,
  layers: readonly string[],
): Map<string, string> {
  const left = [...sources.keys()].filter((layer) => layer !== HEAD && !/^block\d+_/.test(layer));
  const kernel = (layer: string) => tensors[sources.get(layer)!.get('kernel') ?? '']?.shape ?? [];
  const groups: [string[], string[]][] = [
    [left.filter((layer) => /^1,1,\d+,\d+$/.test(String(kernel(layer)))), residuals(layers, 'conv')],
    [left.filter((layer) => sources.get(layer)!.has('moving_mean')), residuals(layers, 'bn')],
    [left.filter((layer) => kernel(layer).length === 2), sources.has(HEAD) ? [] : [HEAD]],
  ];
  const places = new Map<string, string>();
  for (const [given, wanted] of groups) {
    // With another number of them it would be a guess which is which.
    if (given.length !== wanted.length) continue;
    given
      .sort((a, b) => numberOf(a) - numberOf(b))
      .forEach((layer, i) => {
        places.set(layer, wanted[i]!);
      });
  }
  return places;
}

/** The number at the end of a name, 0 where there is none: `conv2d`, `conv2d_1`. */
function numberOf(layer: string): number {
  return Number(/_(\d+)$/.exec(layer)?.[1] ?? 0);
}
