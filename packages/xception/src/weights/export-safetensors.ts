import type * as tfl from '@tensorflow/tfjs-layers';
import { encodeSafetensors, type NamedArrays } from '@xcp/safetensors';
import { rejectUnknownKeys } from '../unknown-keys';
import { kerasNames, requireKerasKinds } from './keras-names';
import { toPyTorch } from './pytorch-layout';
import { pyTorchNames } from './pytorch-names';
import { readSlot } from './read-model';
import { allLayers, layersOf, type Slot, slotsOf } from './slots';

export interface ExportSafetensorsOptions {
  /**
   * Default `'xcp'`: `block2_residual_conv/kernel`. `'keras'` has `conv2d/kernel` instead, in a layout that is the
   * same. `'timm'` is the state of timm's `legacy_xception`, names and layout, for `load_state_dict`.
   */
  names?: 'xcp' | 'keras' | 'timm';
  /** Default `'F32'`, exact; `'F16'` halves the file and keeps 11 bits of each number. */
  float?: 'F32' | 'F16';
}

/**
 * The weights of a model as a safetensors file, batch-norm statistics included.
 *
 * @example await writeFile('xception.safetensors', await exportSafetensors(model, { names: 'timm' }));
 * @throws if an option is not known, or a weight has no place under these names.
 */
export async function exportSafetensors(
  model: tfl.LayersModel,
  options: ExportSafetensorsOptions = {},
): Promise<Uint8Array> {
  rejectUnknownKeys('exportSafetensors', options, ['names', 'float']);
  const { names = 'xcp', float } = options;
  const slots = slotsOf(model);
  const nameOf = namesOf(names, slots, model);
  const tensors: NamedArrays = {};
  for (const slot of slots) {
    const array = await readSlot(slot);
    tensors[nameOf(slot)] = names === 'timm' ? toPyTorch(slot.kind, array) : array;
  }
  // PyTorch's readers ask for the name of a framework.
  return encodeSafetensors(tensors, { format: names === 'timm' ? 'pt' : 'tf' }, { float });
}

function namesOf(
  names: ExportSafetensorsOptions['names'],
  slots: readonly Slot[],
  model: tfl.LayersModel,
): (slot: Slot) => string {
  if (names === 'xcp') return ({ name }) => name;
  if (names === 'keras') {
    requireKerasKinds('exportSafetensors', slots);
    const layers = kerasNames(layersOf(slots));
    return ({ layer, kind }) => `${layers.get(layer)}/${kind}`;
  }
  if (names !== 'timm') {
    throw new Error(
      `exportSafetensors: \`names\` must be 'xcp', 'keras' or 'timm', received ${JSON.stringify(names)}`,
    );
  }
  const keys = pyTorchNames(
    slots,
    allLayers(model).map(({ name }) => name),
  );
  const without = slots.filter(({ name }) => !keys.has(name)).map(({ name }) => name);
  if (without.length > 0) {
    throw new Error(
      `exportSafetensors: timm's layout must have a place for every weight, and has none for ${without.join(', ')}; take other \`names\``,
    );
  }
  return ({ name }) => keys.get(name)!;
}
