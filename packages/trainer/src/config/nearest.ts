/** Edits (insert, delete, replace) that turn `a` into `b`: Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The candidate nearest to `word` by edit distance, whatever the case, or undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const edits = (candidate: string) => distance(word.toLowerCase(), candidate.toLowerCase());
  const best = [...candidates].sort((a, b) => edits(a) - edits(b))[0];
  return best !== undefined && edits(best) <= Math.max(2, word.length / 3) ? best : undefined;
}
