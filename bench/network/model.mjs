import { xception } from '@xcp/xception';

export const CLASSES = 10;

/** The network of a configuration: the full Xception, but for what its `network` says. */
export function buildModel({ size, network = {} }) {
  return xception({ ...network, inputShape: [size, size, 3], classes: CLASSES, seed: 1 });
}
