/** Images per second over several rounds. */
export interface Speed {
  median: number;
  min: number;
  max: number;
}

export function summarize(rounds: readonly number[]): Speed {
  const sorted = [...rounds].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}
