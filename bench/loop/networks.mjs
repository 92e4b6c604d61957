/**
 * What is trained, at 32×32 with batch 64: a slim network, that of the preset `quickstart` but for its stem, which
 * PyTorch would pad otherwise; the full one; and one that takes no time.
 */
export const networks = {
  slim: {
    stem: { filters: [16, 32], strides: [1, 2], padding: 'same' },
    entryFilters: [64, 128],
    middleBlocks: 2,
    middleConvs: 2,
    exitFilters: [128, 192],
    exitStride: 1,
    finalFilters: [256],
    preActivation: true,
    batchNormMomentum: 0.9,
    kernelInitializer: 'heNormal',
  },
  full: {},
  tiny: { width: 1 / 16, middleBlocks: 1, middleConvs: 1 },
};

export const BATCH = 64;
export const SIZE = 32;

/** @throws if there is no such network; names those that there are. */
export function networkNamed(name) {
  const network = networks[name];
  if (network) return network;
  throw new Error(
    `bench: \`--network\` must be one of ${Object.keys(networks).join(', ')}, received ${name}`,
  );
}
