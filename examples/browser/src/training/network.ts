import type * as tfl from '@tensorflow/tfjs-layers';
import { type XceptionConfig, xception } from '@xcp/xception';
import { cifar10 } from '@xcp/xception/cifar10';
import { DATA_FACTS } from '../data/data-set';
import type { Settings } from '../settings';

export type NetworkName = 'slim' | 'narrow';

/** The network that `npm start` trains, and one with half as many channels. */
const NETWORKS: Record<NetworkName, XceptionConfig> = {
  slim: cifar10.network,
  narrow: { ...cifar10.network, width: 0.5 },
};

/** The network of these settings with its first weights, the same every time. */
export function buildNetwork({ network, data }: Settings): tfl.LayersModel {
  const { size, classNames } = DATA_FACTS[data];
  return xception({
    ...NETWORKS[network],
    inputShape: [size, size, 3],
    classes: classNames.length,
  });
}
