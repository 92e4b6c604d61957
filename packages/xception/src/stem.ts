import { isPairOfCounts, must, mustBeOneOf, received } from './checks';
import type { ResolvedXceptionConfig, StemConfig } from './config';
import { stemDefaults, stems } from './defaults';
import { rejectUnknownKeys } from './unknown-keys';
import { widened } from './widened';

const required = ['filters', 'strides', 'padding'] as const;
const subject = 'xception: `stem`';

/** Checks a stem by itself and fills in what it leaves out. */
export function resolveStem(stem: unknown): Required<StemConfig> {
  if (stem === 'imagenet' || stem === 'cifar')
    return { ...stemDefaults, ...stems[stem] } as Required<StemConfig>;
  if (typeof stem !== 'object' || stem === null) {
    throw new Error(
      `xception: \`stem\` must be 'imagenet', 'cifar' or { ${required.join(', ')} }, received ${received(stem)}`,
    );
  }
  rejectUnknownKeys(subject, stem, [...required, ...Object.keys(stemDefaults)]);
  const given = Object.fromEntries(Object.entries(stem).filter(([, value]) => value !== undefined));
  const own = { ...stemDefaults, ...given } as Required<StemConfig>;
  must(own, 'filters', isPairOfCounts, 'two positive integers', subject);
  must(own, 'strides', isPairOfCounts, 'two positive integers', subject);
  mustBeOneOf(own, 'padding', ['same', 'valid'], subject);
  must(own, 'kernelSizes', isPairOfCounts, 'two positive integers', subject);
  mustBeOneOf(own, 'whiten', [true, false], subject);
  mustBeOneOf(own, 'bias', [true, false], subject);
  if (own.bias && !own.whiten) {
    throw new Error(
      `${subject} \`bias\` must be false without \`whiten\`, for batch normalization follows, received true; leave it out`,
    );
  }
  return own;
}

/** Throws unless the stem goes with the rest of the network. */
export function checkWhitening(c: ResolvedXceptionConfig): void {
  const { kernelSizes, padding, strides, whiten } = c.stem;
  const even = kernelSizes.some((size, i) => size % 2 === 0 && strides[i]! > 1);
  if (c.padding === 'torch' && padding === 'same' && even) {
    throw new Error(
      `${subject} \`kernelSizes\` must be odd where a stride is above 1 and \`padding\` is 'torch', ` +
        `received ${received(kernelSizes)}; take \`padding\` 'keras'`,
    );
  }
  if (!whiten) return;
  const filters = widened(c, c.stem.filters[0]);
  const most = 2 * kernelSizes[0] ** 2 * c.inputShape[2];
  if (filters % 2 === 0 && filters <= most) return;
  throw new Error(
    `${subject} \`filters\` must begin with an even number up to ${most}, two for each number of a patch, ` +
      `where \`whiten\` is set, received ${filters}${c.width === 1 ? '' : ` (by \`width\` ${c.width})`}`,
  );
}
