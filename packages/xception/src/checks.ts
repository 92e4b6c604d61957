/** Formats a received value for an error message. */
export const received = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** Returns `config[key]` if it holds, and throws otherwise: subject, rule, value received. */
export function must<T extends object, K extends keyof T & string>(
  config: T,
  key: K,
  holds: (value: unknown) => boolean,
  rule: string,
  subject = 'xception:',
): T[K] {
  if (holds(config[key])) return config[key];
  throw new Error(`${subject} \`${key}\` must be ${rule}, received ${received(config[key])}`);
}

/** As {@link must}, for a key that has one of a few values. */
export function mustBeOneOf<T extends object, K extends keyof T & string>(
  config: T,
  key: K,
  allowed: readonly unknown[],
  subject = 'xception:',
): T[K] {
  const names = allowed.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const rule = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return must(config, key, (value) => allowed.includes(value), rule, subject);
}

export const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
export const isCount = (value: unknown): boolean => isWhole(value) && value !== 0;
export const areCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isCount);
export const isPairOfCounts = (value: unknown): boolean => areCounts(value) && value.length === 2;
export const isPositive = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;
export const isFraction = (value: unknown): boolean =>
  value === 0 || (isPositive(value) && (value as number) < 1);
