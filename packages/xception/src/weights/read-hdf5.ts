import type { NamedArray, NamedArrays } from '@xcp/safetensors';
import type { Dataset, File, Group } from 'h5wasm';
import { withHdf5 } from './hdf5-file';

/**
 * The weights of a Keras file in HDF5: of a weights file or a whole model in the layout of Keras 2, with names such
 * as `block1_conv1/kernel`, or of Keras 3's `.weights.h5`, with names such as `layers/conv2d/vars/0`.
 *
 * @throws if the file is damaged, or no file of Keras.
 */
export async function readHdf5(bytes: Uint8Array): Promise<NamedArrays> {
  const { result } = await withHdf5(bytes, (file) => {
    const group = file.keys().includes('model_weights') ? (file.get('model_weights') as Group) : file;
    return listed(group, 'layer_names') ? namedLayers(group) : paths(file);
  }).catch((cause: Error) => {
    throw new Error(
      `loadWeights: the HDF5 file must be whole and of Keras (${reasonOf(cause)}); fetch it again`,
      {
        cause,
      },
    );
  });
  return result;
}

/** The library gives a stack of functions, of which the last knows the reason. */
function reasonOf({ message }: Error): string {
  return [...message.matchAll(/in \w+\(\): (.+)/g)].at(-1)?.[1] ?? message;
}

/** The layout of Keras 2: the layers are listed, and in each layer its weights. */
function namedLayers(root: Group): NamedArrays {
  const tensors: NamedArrays = {};
  for (const layer of strings(root, 'layer_names')) {
    const group = member(root, layer) as Group;
    const names = strings(group, 'weight_names');
    const arrays = names.map((name) => arrayOf(member(group, name) as Dataset, name));
    const kinds = kindsOf(names, arrays);
    // A model inside another is one layer here, and its weights tell their own layers.
    const nested = new Set(kinds).size < kinds.length;
    names.forEach((name, i) => {
      tensors[`${nested ? name.split('/').at(-2) : layer}/${kinds[i]}`] = arrays[i]!;
    });
  }
  return tensors;
}

/** What weights are: `gamma` for `block1_conv1_bn/gamma:0`. */
function kindsOf(names: readonly string[], arrays: readonly NamedArray[]): string[] {
  const stated = names.map((name) => name.slice(name.lastIndexOf('/') + 1).replace(/:\d+$/, ''));
  if (names.every((name) => name.includes('/'))) return stated;
  // Keras 1 wrote `block1_conv1_W` and `block1_conv1_bn_running_std`; the order was the same.
  const ranks = arrays.map(({ shape }) => shape.length).join();
  return kindsByRank[ranks] ?? stated;
}

/** The weights of the layers of an Xception in Keras's order, by their numbers of axes. */
const kindsByRank: Record<string, string[]> = {
  '4': ['kernel'],
  '4,4': ['depthwise_kernel', 'pointwise_kernel'],
  '1,1,1,1': ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  '2,1': ['kernel', 'bias'],
};

/** The layout of Keras 3: the weights of a layer are numbered. */
function paths(file: File): NamedArrays {
  const tensors: NamedArrays = {};
  for (const path of file.paths()) {
    if (!/\/vars\/\d+$/.test(path) || /^optimizer\//.test(path)) continue;
    tensors[path] = arrayOf(member(file, path) as Dataset, path);
  }
  if (Object.keys(tensors).length === 0) throw new Error('it holds no weights');
  return tensors;
}

/** Whether there is a list; those of more than 64 KB are cut into pieces with a number each. */
function listed(group: Group, attribute: string): boolean {
  return attribute in group.attrs || `${attribute}0` in group.attrs;
}

function strings(group: Group, attribute: string): string[] {
  if (attribute in group.attrs) return (group.get_attribute(attribute, true) ?? []) as string[];
  const pieces: string[] = [];
  for (let i = 0; `${attribute}${i}` in group.attrs; i++) {
    pieces.push(...(group.get_attribute(`${attribute}${i}`, true) as string[]));
  }
  return pieces;
}

function member(group: Group, path: string) {
  const entity = group.get(path);
  if (!entity) throw new Error(`'${path}' is missing`);
  return entity;
}

function arrayOf(dataset: Dataset, name: string): NamedArray {
  const { value, shape } = dataset;
  const data = typeof value === 'number' ? [value] : value;
  if (data instanceof Float32Array || data instanceof Float64Array || Array.isArray(data)) {
    return { dtype: 'float32', shape: shape ?? [], data: Float32Array.from(data as ArrayLike<number>) };
  }
  throw new Error(`'${name}' must hold numbers of 32 or 64 bits, received ${JSON.stringify(dataset.dtype)}`);
}
