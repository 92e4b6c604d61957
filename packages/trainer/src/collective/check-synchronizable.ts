import type * as tfl from '@tensorflow/tfjs-layers';
import { BatchNormalization } from '@xcp/layers';
import type { Collective } from './collective';

/** @throws if the batch norm of a model cannot be synchronized over these ranks. */
export function checkSynchronizable(model: tfl.LayersModel, collective: Collective): void {
  if (collective.size === 1) return;
  const other = layersOf(model).find(
    (layer) => layer.getClassName().endsWith('BatchNormalization') && !(layer instanceof BatchNormalization),
  );
  if (other) {
    throw new Error(
      `train: \`syncBatchNorm\` needs the batch normalization of @xcp/layers, received '${other.name}' of ` +
        'TensorFlow.js; build the model with `batchNormalization` of @xcp/layers, or leave `syncBatchNorm` out',
    );
  }
  if (collective.allReduceSync) return;
  throw new Error(
    'train: `syncBatchNorm` needs a collective with `allReduceSync`, received one without; leave `syncBatchNorm` out',
  );
}

function layersOf(model: tfl.LayersModel): tfl.layers.Layer[] {
  return model.layers.flatMap((layer) =>
    'layers' in layer ? layersOf(layer as unknown as tfl.LayersModel) : [layer],
  );
}
