/** Formats a received value for an error message. */
export function received(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
}

/** Returns `value` if it is a positive integer, and throws otherwise. */
export function positiveInteger(subject: string, argument: string, value: unknown): number {
  if (!Number.isInteger(value) || (value as number) <= 0) {
    throw new Error(`${subject}: \`${argument}\` must be a positive integer, received ${received(value)}`);
  }
  return value as number;
}

/** Returns `[height, width]` from one positive integer or two of them, and throws otherwise. */
export function positivePair(
  subject: string,
  argument: string,
  value: number | readonly number[],
): [number, number] {
  const pair = Array.isArray(value) ? value : [value, value];
  if (pair.length !== 2 || !pair.every((side) => Number.isInteger(side) && side > 0)) {
    throw new Error(
      `${subject}: \`${argument}\` must be positive, one integer or [height, width], received ${received(value)}`,
    );
  }
  return pair as [number, number];
}

/** Returns `value` if it lies in [0, 1), and throws otherwise. */
export function fraction(subject: string, argument: string, value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0 && value < 1)) {
    throw new Error(
      `${subject}: \`${argument}\` must be at least 0 and below 1, received ${received(value)}`,
    );
  }
  return value;
}

/** Returns `value` if it is a whole number from 0 to 2⁵³ − 1, and throws otherwise. */
export function wholeSeed(subject: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new Error(
      `${subject}: \`seed\` must be a whole number of at least 0, received ${received(value)}; ` +
        'the same seed gives the same numbers',
    );
  }
  return value as number;
}
