import type * as tfl from '@tensorflow/tfjs-layers';
import { loadWeights, xception } from '@xcp/xception';
import { cifar10, cifar10Weights } from '@xcp/xception/cifar10';

/**
 * The network whose weights ship with `@xcp/xception`, trained on CIFAR-10.
 *
 * @throws if the server does not give its file.
 */
export async function shippedNetwork(): Promise<tfl.LayersModel> {
  const response = await fetch(cifar10Weights);
  if (!response.ok) throw new Error(`The server gives no trained weights (status ${response.status})`);
  const bytes = await response.arrayBuffer();
  const model = xception(cifar10.network);
  await loadWeights(model, bytes);
  return model;
}
