import { networks } from './loop/networks.mjs';

// What is measured: image size in pixels, batch, and what differs from the full network of 10 classes. `kinds` says
// what of training and inference counts; `rounds` is for what is too slow to repeat as often as the rest.
const both = ['train', 'infer'];

/** The network that the smoke test runs in seconds: every kind of layer, few channels. */
const tiny = { width: 1 / 16, middleBlocks: 1, middleConvs: 1 };

export const configs = {
  '32-b8': { size: 32, batch: 8, kinds: both },
  '32-b64': { size: 32, batch: 64, kinds: both },
  '32-b128': { size: 32, batch: 128, kinds: both },
  '71-b8': { size: 71, batch: 8, kinds: both },
  '71-b32': { size: 71, batch: 32, kinds: both },
  '128-b8': { size: 128, batch: 8, kinds: both },
  '299-b2': { size: 299, batch: 2, kinds: both },
  'cifar-32-b64': { size: 32, batch: 64, kinds: both, network: { stem: 'cifar' } },
  'slim-b128': {
    size: 32,
    batch: 128,
    kinds: both,
    network: { ...networks.slim, padding: 'torch' },
  },
  'infer-32-b1': { size: 32, batch: 1, kinds: ['infer'] },
  'infer-32-b8': { size: 32, batch: 8, kinds: ['infer'] },
  'infer-32-b64': { size: 32, batch: 64, kinds: ['infer'] },
  'infer-299-b1': { size: 299, batch: 1, kinds: ['infer'] },
  'memory-128-b64': { size: 128, batch: 64, kinds: ['train'], only: ['xcp'], rounds: 1 },
  'memory-299-b8': { size: 299, batch: 8, kinds: ['train'], only: ['xcp'], rounds: 1 },
  tiny: { size: 16, batch: 4, kinds: both, network: tiny, reference: false },
};

/** Those that `--all` runs. */
export const allConfigs = Object.keys(configs).filter((name) => name !== 'tiny');

/** @throws if there is no such configuration; names those that there are. */
export function configNamed(name) {
  const config = configs[name];
  if (config) return { name, network: {}, ...config };
  throw new Error(
    `bench: \`--config\` must be one of ${Object.keys(configs).join(', ')}, received ${name}; choose one of them`,
  );
}
