/** Throws unless `value` is an integer of at least `minimum` (and at most `maximum`). */
export function checkInteger(
  subject: string,
  name: string,
  value: unknown,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || (value as number) < minimum || (value as number) > maximum) {
    const range =
      maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
    throw new Error(`${subject}: \`${name}\` must be an integer ${range}, received ${String(value)}`);
  }
}

/** Throws unless `value` is one of `choices`. */
export function checkChoice(
  subject: string,
  name: string,
  value: unknown,
  choices: readonly unknown[],
): void {
  if (!choices.includes(value)) {
    const listed = choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : String(choice)));
    throw new Error(`${subject}: \`${name}\` must be ${listed.join(' or ')}, received ${String(value)}`);
  }
}

/** Throws if `options` has a key that is not in `known`, and names the nearest that is. */
export function checkKeys(subject: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const nearest = [...known].sort((a, b) => editDistance(key, a) - editDistance(key, b))[0];
    throw new Error(`${subject}: unknown option \`${key}\`; did you mean \`${nearest}\`?`);
  }
}

/** Number of letters to insert, remove or replace to turn `a` into `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replace, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
