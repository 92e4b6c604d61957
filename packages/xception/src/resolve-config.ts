import { checkValues } from './check-values';
import { areCounts, must, received } from './checks';
import type { ResolvedXceptionConfig, XceptionConfig } from './config';
import { defaults, derivedKeys } from './defaults';
import { smallestSide } from './input-size';
import { checkWhitening, resolveStem } from './stem';
import { rejectUnknownKeys } from './unknown-keys';

/**
 * Checks a configuration and fills in what it leaves out.
 *
 * @example resolveConfig({ classes: 10 }).middleBlocks; // 8
 * @throws if a key is unknown, a value is out of its range, or the images are too small for the network.
 */
export function resolveConfig(config: XceptionConfig): ResolvedXceptionConfig {
  const resolved = fillIn(config);
  checkInputSize(resolved);
  return resolved;
}

/** As {@link resolveConfig}, whatever the size of the images. */
export function fillIn(config: XceptionConfig): ResolvedXceptionConfig {
  checkKeys(config);
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  const { stem = 'imagenet', ...rest } = given as XceptionConfig;
  const merged = { ...defaults, ...rest };
  const entryFilters = must(merged, 'entryFilters', areCounts, 'a list of positive integers');
  const resolved = {
    entryStrides: defaultStrides(stem, entryFilters.length),
    depthwiseInitializer: merged.kernelInitializer,
    pointwiseInitializer: merged.kernelInitializer,
    ...merged,
    stem: resolveStem(stem),
  } as ResolvedXceptionConfig;
  checkValues(resolved);
  checkWhitening(resolved);
  return resolved;
}

function checkKeys(config: XceptionConfig): void {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new Error(`xception: the configuration must be an object, received ${received(config)}`);
  }
  if ('downsampling' in config) {
    throw new Error(
      'xception: unknown key `downsampling`; say which blocks stride by `entryStrides` and `exitStride`, ' +
        'and of the stem by `stem.strides`',
    );
  }
  rejectUnknownKeys('xception', config, [...Object.keys(defaults), ...derivedKeys]);
}

function defaultStrides(stem: XceptionConfig['stem'], blocks: number): number[] {
  return Array.from({ length: blocks }, (_, i) => (stem === 'cifar' && i === blocks - 1 ? 1 : 2));
}

function checkInputSize(c: ResolvedXceptionConfig): void {
  const [height, width] = c.inputShape;
  const smallest = smallestSide(c);
  if (Math.min(height, width) >= smallest) return;
  throw new Error(
    `xception: \`inputShape\` must be at least ${smallest} × ${smallest} pixels, or nothing is left of the image ` +
      `behind the stem and the pools, received ${height} × ${width}. (The 71 that Keras documents for its network ` +
      'is not the limit: it is what leaves a final map of 3 × 3 for the last 3×3 kernels. Below it they see ' +
      "mostly padding; for small images take `stem: 'cifar'`.)",
  );
}
