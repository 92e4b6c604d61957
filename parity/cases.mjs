import { readFileSync } from 'node:fs';
import { xceptionVariants } from '@xcp/xception';

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

// PyTorch's momentum is the part that a step brings in; ours and Keras's, the part that stays.
const torchDefaults = {
  padding: 'torch',
  batchNormEpsilon: 1e-5,
  batchNormMomentum: 0.9,
  batchNormUnbiasedVariance: true,
};

/** Our configuration for each oracle. */
const configs = {
  keras: xceptionVariants.keras,
  torch: torchDefaults,
  reference: { ...xceptionVariants.reference, ...torchDefaults },
};

/**
 * What is compared: our configuration, the images, and whether a training step follows.
 *
 * `clearOfKinks` says that the images were chosen so that nothing is so near to where a gradient jumps that
 * rounding could carry it across.
 */
export const cases = read('cases.json').map(({ oracle, width = 1, ...rest }) => ({
  ...rest,
  oracle,
  config: { ...configs[oracle], width },
}));

/** What the oracle gave in float64 (`exact`), and how far its own float32 was from that (`float32`). */
export const fixture = (name) => read(`fixtures/${name}.json`);
