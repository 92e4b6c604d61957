import { defaults, type ResolvedXceptionConfig, type StemConfig, stems, type XceptionConfig } from './config';
import { smallestSide } from './input-size';
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
  rejectUnknownKeys('xception', config, [...Object.keys(defaults), 'stem', 'entryStrides']);
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  const { stem = 'imagenet', ...rest } = given as XceptionConfig;
  const merged = { ...defaults, ...rest };
  const entryFilters = must(merged, 'entryFilters', areCounts, 'must be a list of positive integers');
  const entryStrides = merged.entryStrides ?? defaultStrides(stem, entryFilters.length);
  const resolved = { ...merged, stem: resolveStem(stem), entryStrides } as ResolvedXceptionConfig;
  checkValues(resolved);
  return resolved;
}

function defaultStrides(stem: XceptionConfig['stem'], blocks: number): number[] {
  return Array.from({ length: blocks }, (_, i) => (stem === 'cifar' && i === blocks - 1 ? 1 : 2));
}

function resolveStem(stem: unknown): StemConfig {
  if (stem === 'imagenet' || stem === 'cifar') return stems[stem];
  const keys = ['filters', 'strides', 'padding'] as const;
  if (typeof stem !== 'object' || stem === null) {
    throw new Error(
      `xception: \`stem\` must be 'imagenet', 'cifar' or { ${keys.join(', ')} }, received ${JSON.stringify(stem)}`,
    );
  }
  rejectUnknownKeys('xception: `stem`', stem, keys);
  const own = stem as StemConfig;
  const subject = 'xception: `stem`';
  must(own, 'filters', isPairOfCounts, 'must be two positive integers', subject);
  must(own, 'strides', isPairOfCounts, 'must be two positive integers', subject);
  must(own, 'padding', isOneOf('same', 'valid'), "must be 'same' or 'valid'", subject);
  return own;
}

function checkValues(c: ResolvedXceptionConfig): void {
  const isShape = (value: unknown) => areCounts(value) && value.length === 3;
  must(c, 'inputShape', isShape, 'must be [height, width, channels], positive integers');
  must(c, 'classes', isCount, 'must be a positive integer');
  const strides = (value: unknown) => areCounts(value) && value.length === c.entryFilters.length;
  must(c, 'entryStrides', strides, `must be ${c.entryFilters.length} positive integers, one per entry block`);
  must(c, 'middleBlocks', isWhole, 'must be a whole number of at least 0');
  must(c, 'middleConvs', isCount, 'must be a positive integer');
  must(c, 'middleFlow', isOneOf('distinct', 'shared'), "must be 'distinct' or 'shared'");
  must(c, 'exitFilters', isPairOfCounts, 'must be two positive integers');
  must(c, 'exitStride', isCount, 'must be a positive integer');
  must(c, 'finalFilters', areCounts, 'must be a list of positive integers');
  must(c, 'width', isPositive, 'must be positive');
  must(c, 'preActivation', isOneOf(true, false), 'must be true or false');
  must(c, 'dropout', isFraction, 'must be at least 0 and below 1');
  must(c, 'batchNormMomentum', isFraction, 'must be at least 0 and below 1');
  must(c, 'batchNormEpsilon', isPositive, 'must be positive');
  must(c, 'kernelInitializer', isOneOf('glorotUniform', 'heNormal'), "must be 'glorotUniform' or 'heNormal'");
  must(c, 'classifierActivation', isOneOf('linear', 'softmax'), "must be 'linear' or 'softmax'");
  must(c, 'seed', isWhole, 'must be a whole number of at least 0');
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

function must<T extends object, K extends keyof T & string>(
  config: T,
  key: K,
  holds: (value: unknown) => boolean,
  rule: string,
  subject = 'xception:',
): T[K] {
  if (holds(config[key])) return config[key];
  throw new Error(`${subject} \`${key}\` ${rule}, received ${JSON.stringify(config[key])}`);
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isCount = (value: unknown): boolean => isWhole(value) && value !== 0;
const areCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isCount);
const isPairOfCounts = (value: unknown): boolean => areCounts(value) && value.length === 2;
const isPositive = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;
const isFraction = (value: unknown): boolean => value === 0 || (isPositive(value) && (value as number) < 1);
const isOneOf =
  (...allowed: unknown[]) =>
  (value: unknown): boolean =>
    allowed.includes(value);
