import type { NamedArray, NamedArrays } from '@xcp/safetensors';
import { matchKeras } from './match-keras';
import { matchKerasPaths } from './match-keras-paths';
import { fromPyTorch } from './pytorch-layout';
import { arePyTorchNames, canonicalName, prefixOf, pyTorchNames } from './pytorch-names';
import type { Slot } from './slots';

/** Whose names a source has: ours, Keras's, or those of timm and Cadene in PyTorch. */
export type WeightNames = 'xcp' | 'keras' | 'timm';

/** A tensor of the source that has found its place in the model. */
export interface Found {
  /** Its name in the source. */
  from: string;
  array: NamedArray;
}

export interface Matches {
  names: WeightNames;
  /** By the name of the place; where two tensors claim one, the second stands in `unknown`. */
  found: Map<string, Found>;
  /** Names of tensors for which the model has no place. */
  unknown: string[];
  /** Names of tensors that are no weights, such as counters. */
  ignored: string[];
}

/** Gives each tensor of a source its place in a model, in the model's layout. */
export function matchNames(
  tensors: NamedArrays,
  slots: readonly Slot[],
  allLayers: readonly string[],
): Matches {
  const names = Object.keys(tensors);
  if (arePyTorchNames(names)) return matchPyTorch(tensors, slots, allLayers);
  if (names.some((name) => /\/vars\/\d+$/.test(name))) return matchKerasPaths(tensors, slots);
  return matchKeras(tensors, slots);
}

function matchPyTorch(tensors: NamedArrays, slots: readonly Slot[], allLayers: readonly string[]): Matches {
  const names = Object.keys(tensors);
  const prefix = prefixOf(names);
  const sources = new Map(names.map((name) => [canonicalName(name, prefix), name]));
  const found = new Map<string, Found>();
  const used = new Set<string>();
  for (const [slot, name] of pyTorchNames(slots, allLayers)) {
    const from = sources.get(name);
    if (from === undefined) continue;
    used.add(from);
    const kind = slot.slice(slot.lastIndexOf('/') + 1);
    found.set(slot, { from, array: fromPyTorch(kind, withWindow(kind, tensors[from]!)) });
  }
  const rest = names.filter((name) => !used.has(name));
  const ignored = rest.filter((name) => name.endsWith('.num_batches_tracked'));
  return { names: 'timm', found, unknown: rest.filter((name) => !ignored.includes(name)), ignored };
}

/** Old files of Cadene's hold pointwise kernels without their window of 1×1. */
function withWindow(kind: string, array: NamedArray): NamedArray {
  if (kind !== 'pointwise_kernel' || array.shape.length !== 2) return array;
  return { ...array, shape: [...array.shape, 1, 1] };
}
