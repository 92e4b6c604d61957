import { xception } from '@xcp/xception';

export const CLASSES = 10;

/** The configuration of a network: the full Xception, but for what `network` says. */
export function configOf({ size, network = {} }) {
  return { ...network, inputShape: [size, size, 3], classes: CLASSES, seed: 1 };
}

export const buildModel = (config) => xception(configOf(config));
