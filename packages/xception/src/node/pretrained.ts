import type * as tfl from '@tensorflow/tfjs-layers';
import type { XceptionConfig } from '../config';
import type { LoadReport } from '../weights/load-weights';
import type { WeightSource } from '../weights/read-source';
import { xception } from '../xception';
import { loadWeights } from './load-weights';

export interface PretrainedConfig extends XceptionConfig {
  /** `'imagenet'`, a path, or whatever else `loadWeights` takes. */
  weights: WeightSource | string;
}

/**
 * Builds a network and gives it weights; where these cannot be had, no tensor is left behind.
 *
 * @example const { model, report } = await pretrained({ classes: 10, weights: 'imagenet' });
 * @throws as `xception` and `loadWeights` do.
 */
export async function pretrained({
  weights,
  ...config
}: PretrainedConfig): Promise<{ model: tfl.LayersModel; report: LoadReport }> {
  const model = xception(config);
  try {
    return { model, report: await loadWeights(model, weights) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
