import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type * as tfl from '@tensorflow/tfjs-layers';
import { cifar10Weights } from '../cifar10';
import { type LoadWeightsOptions, loadWeights } from '../weights/load-weights';
import type { FileLoadReport } from './load-file';

/**
 * Gives a model the weights that ship with this package, for the network of their card, `cifar10` of
 * `@xcp/xception/cifar10`. A model with another classifier keeps its own, which the report says.
 *
 * @example
 * const model = xception({ ...cifar10.network, classes: 3 });
 * await loadCifar10Weights(model);
 * @throws if the file is not beside the package, as in a bundle, or the model is another network.
 */
export async function loadCifar10Weights(
  model: tfl.LayersModel,
  options: LoadWeightsOptions = {},
): Promise<FileLoadReport> {
  return { ...(await loadWeights(model, await shipped(), options)), path: cifar10Weights.href };
}

/** From the disk, or from where Deno runs the package. */
async function shipped(): Promise<Uint8Array> {
  if (cifar10Weights.protocol === 'file:') return readFile(fileURLToPath(cifar10Weights));
  const response = await fetch(cifar10Weights);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new Error(`loadCifar10Weights: ${cifar10Weights.href} must be there, received ${response.status}`);
}
