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

/** Returns one number for each spatial axis from one positive integer or a list of them, and throws otherwise. */
export function positiveSizes(
  subject: string,
  argument: string,
  value: number | readonly number[] | undefined,
  rank: 1 | 2,
): number[] {
  const sizes = Array.isArray(value) ? value : new Array(rank).fill(value);
  if (sizes.length !== rank || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
    const form = rank === 1 ? 'one integer' : 'one integer or [height, width]';
    throw new Error(`${subject}: \`${argument}\` must be positive, ${form}, received ${received(value)}`);
  }
  return [...sizes];
}

/** Returns `value` if it is true or false, and throws otherwise. */
export function boolean(subject: string, argument: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new Error(`${subject}: \`${argument}\` must be true or false, received ${received(value)}`);
  }
  return value;
}

/** Returns `value` if it is one of those that are allowed, and throws otherwise. */
export function oneOf<T extends string>(
  subject: string,
  argument: string,
  value: unknown,
  allowed: readonly T[],
): T {
  if (!allowed.includes(value as T)) {
    const names = allowed.map(received);
    const list = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
    throw new Error(`${subject}: \`${argument}\` must be ${list}, received ${received(value)}`);
  }
  return value as T;
}

/** Returns `value` if it is true or false, and throws otherwise. */
export function flag(subject: string, argument: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new Error(`${subject}: \`${argument}\` must be true or false, received ${received(value)}`);
  }
  return value;
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
