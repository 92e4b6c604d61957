import type * as tfl from '@tensorflow/tfjs-layers';
import { type LoadReport, type LoadWeightsOptions, loadWeights as loadSource } from '../weights/load-weights';
import type { WeightSource } from '../weights/read-source';
import { loadCifar10Weights } from './cifar10';
import { loadImagenetWeights } from './imagenet';
import { type FileLoadReport, loadFile } from './load-file';

export type { FileLoadReport } from './load-file';

/**
 * Gives a model weights from a path, or whatever else `loadWeights` of `@xcp/xception` takes.
 *
 * A path is that of a Keras `.h5` or `.keras`, of a safetensors file, of the `model.json` of a TensorFlow.js layers
 * model, of a checkpoint, or of a run's folder: its exported model, or where there is none its newest checkpoint that
 * is whole. `'imagenet'` is {@link loadImagenetWeights}, `'cifar10'` {@link loadCifar10Weights}.
 *
 * @example
 * const { path, replaced } = await loadWeights(model, 'runs/first');
 * @throws if nothing is there, the file cannot be read, or with a line for each name and shape that does not fit.
 */
export async function loadWeights(
  model: tfl.LayersModel,
  source: string,
  options?: LoadWeightsOptions,
): Promise<FileLoadReport>;
export async function loadWeights(
  model: tfl.LayersModel,
  source: WeightSource | string,
  options?: LoadWeightsOptions,
): Promise<LoadReport>;
export async function loadWeights(
  model: tfl.LayersModel,
  source: WeightSource | string,
  options: LoadWeightsOptions = {},
): Promise<LoadReport> {
  if (source === 'imagenet') return loadImagenetWeights(model);
  if (source === 'cifar10') return loadCifar10Weights(model, options);
  if (typeof source === 'string') return loadFile(model, source, options);
  return loadSource(model, source, options);
}
