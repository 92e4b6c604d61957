import type * as tfl from '@tensorflow/tfjs-layers';
import { cifar10 } from '../cifar10';
import type { XceptionConfig } from '../config';
import type { LoadReport } from '../weights/load-weights';
import type { WeightSource } from '../weights/read-source';
import { xception } from '../xception';
import { loadWeights } from './load-weights';

export interface PretrainedConfig extends XceptionConfig {
  /** `'cifar10'`, whose network is the default then, `'imagenet'`, a path, or whatever else `loadWeights` takes. */
  weights: WeightSource | string;
}

/**
 * Builds a network and gives it weights: `'cifar10'` are those that ship with this package, of a small network for
 * images of 32×32 pixels, and build that network but for what the configuration says otherwise. Where these cannot be had, no tensor is left behind.
 *
 * @example const { model } = await pretrained({ weights: 'cifar10' });
 * @example const { model, report } = await pretrained({ classes: 10, weights: 'imagenet' });
 * @throws as `xception` and `loadWeights` do.
 */
export async function pretrained({
  weights,
  ...config
}: PretrainedConfig): Promise<{ model: tfl.LayersModel; report: LoadReport }> {
  const model = xception(weights === 'cifar10' ? { ...cifar10.network, ...config } : config);
  try {
    return { model, report: await loadWeights(model, weights) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
