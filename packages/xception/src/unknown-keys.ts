/** Throws if `config` has a key that is not known, naming the known one that is nearest to it. */
export function rejectUnknownKeys(subject: string, config: object, known: readonly string[]): void {
  for (const key of Object.keys(config)) {
    if (known.includes(key)) continue;
    throw new Error(`${subject}: unknown key \`${key}\`; did you mean \`${nearest(key, known)}\`?`);
  }
}

/** The one of `known` that is spelled most like `name`. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  return known.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
}

/** How many characters must be inserted, deleted or replaced to turn a into b, whatever their case. */
function distance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = row[j]! + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
