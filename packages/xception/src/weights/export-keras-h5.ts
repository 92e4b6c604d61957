import type * as tfl from '@tensorflow/tfjs-layers';
import type { File } from 'h5wasm';
import { withHdf5 } from './hdf5-file';
import { kerasNames, requireKerasKinds } from './keras-names';
import { readSlot } from './read-model';
import { layersOf, slotsOf } from './slots';

/**
 * The weights of a model as a Keras weights file (`.h5`), which Keras 2 and 3 load into the same network by topology
 * or by name.
 *
 * Give the file a name that does not end in `.weights.h5`: Keras 3 keeps that ending for another layout.
 *
 * @example await writeFile('xception.h5', await exportKerasH5(model)); // then in Python: model.load_weights('xception.h5')
 * @throws if a weight has no place in Keras's layers.
 * @see keras/src/legacy/saving/legacy_h5_format.py, `save_weights_to_hdf5_group`
 */
export async function exportKerasH5(model: tfl.LayersModel): Promise<Uint8Array> {
  const slots = slotsOf(model);
  requireKerasKinds('exportKerasH5', slots);
  const arrays = new Map(await Promise.all(slots.map(async (slot) => [slot, await readSlot(slot)] as const)));
  const names = kerasNames(layersOf(slots));
  const { bytes } = await withHdf5(null, (file) => {
    writeStrings(file, 'layer_names', [...names.values()]);
    // Keras takes a file without a version for one of Keras 1, and turns its kernels around.
    file.create_attribute('keras_version', '3.0.0');
    file.create_attribute('backend', 'tensorflow');
    for (const [layer, kerasName] of names) {
      const group = file.create_group(kerasName);
      const own = slots.filter((slot) => slot.layer === layer);
      writeStrings(
        group,
        'weight_names',
        own.map(({ kind }) => `${kerasName}/${kind}`),
      );
      const inner = group.create_group(kerasName);
      for (const slot of own) {
        inner.create_dataset({
          name: slot.kind,
          data: arrays.get(slot)!.data,
          shape: slot.shape,
          dtype: '<f',
        });
      }
    }
  });
  return bytes;
}

function writeStrings(group: Pick<File, 'create_attribute'>, name: string, values: string[]): void {
  group.create_attribute(name, values, [values.length]);
}
