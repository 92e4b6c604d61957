import type * as tfl from '@tensorflow/tfjs-layers';
import { whitenStem } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import type { DataSources } from './data-sources';

/** Gives the stem of a new run's model the kernel that whitens its training images, where the configuration says so. */
export function whiten(model: tfl.LayersModel, { model: network }: RunConfig, { sample }: DataSources): void {
  if (typeof network.stem !== 'object' || !network.stem.whiten) return;
  for (const { images, shape } of sample()) whitenStem(model, { data: images, shape });
}
