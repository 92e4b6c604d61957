/** As many workgroups as keep a GPU busy. */
const ENOUGH = 256;

/** How a long sum is cut into parts that are computed side by side: how many parts, and how long each. */
export function splitRows(
  rows: number,
  workgroups: number,
  least: number,
): { splits: number; length: number } {
  const wanted = Math.ceil(ENOUGH / workgroups);
  const splits = Math.max(1, Math.min(wanted, Math.ceil(rows / least), 64));
  const length = Math.ceil(rows / splits);
  return { splits: Math.ceil(rows / length), length };
}
