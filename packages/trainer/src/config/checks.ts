import { nearest } from './nearest';

/** Formats a received value for an error message. */
export function received(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
}

/** Returns `value` if it is an object of known keys, and throws otherwise, naming the nearest known key. */
export function knownKeys<T extends object>(subject: string, value: T, keys: readonly string[]): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${subject}: must be an object, received ${received(value)}`);
  }
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const meant = nearest(key, keys);
    const hint = meant ? `did you mean \`${meant}\`?` : `it may be ${keys.map((k) => `\`${k}\``).join(', ')}`;
    throw new Error(`${subject}: \`${key}\` is not a known key; ${hint}`);
  }
  return value;
}

export interface NumberRule {
  integer?: boolean;
  /** The least value allowed. */
  min?: number;
  /** The value must be greater than this. */
  above?: number;
  /** The greatest value allowed. */
  max?: number;
  /** The value must be less than this. */
  below?: number;
}

/** Returns `value` if it is a finite number that keeps the rule, and throws otherwise. */
export function number(subject: string, key: string, value: unknown, rule: NumberRule): number {
  const { integer = false, min, above, max, below } = rule;
  const kept =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!integer || Number.isSafeInteger(value)) &&
    (min === undefined || value >= min) &&
    (above === undefined || value > above) &&
    (max === undefined || value <= max) &&
    (below === undefined || value < below);
  if (kept) return value;
  const bounds = [
    min !== undefined && `at least ${min}`,
    above !== undefined && `greater than ${above}`,
    max !== undefined && `at most ${max}`,
    below !== undefined && `less than ${below}`,
  ].filter(Boolean);
  const kind = integer ? 'a whole number' : 'a number';
  throw new Error(
    `${subject}: \`${key}\` must be ${[kind, bounds.join(' and ')].filter(Boolean).join(', ')}, received ${received(value)}`,
  );
}

/** Returns `value` if it is true or false, and throws otherwise. */
export function boolean(subject: string, key: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new Error(`${subject}: \`${key}\` must be true or false, received ${received(value)}`);
}

/** Returns the entry of `choices` called `name`, and throws if there is none; `key` is where the name stood. */
export function choice<T>(subject: string, name: unknown, choices: Record<string, T>, key = 'name'): T {
  if (typeof name === 'string' && Object.hasOwn(choices, name)) return choices[name]!;
  const known = Object.keys(choices).map((key) => `'${key}'`);
  throw new Error(`${subject}: \`${key}\` must be one of ${known.join(', ')}, received ${received(name)}`);
}
