/** Inference is the same sums in another order; training at small batches magnifies that: batch norm divides by what few values vary. */
const TOLERANCE = { logits: 1e-3, losses: 1e-2 };

/**
 * Whether two contenders computed the same network on the same images: equal counts of parameters, logits and the
 * losses of the first two steps. Returns what differs, in a few words, or undefined.
 */
export function difference(expected, actual) {
  if (expected.parameters !== actual.parameters) {
    return `${actual.parameters} parameters instead of ${expected.parameters}`;
  }
  for (const key of ['logits', 'losses']) {
    if (!expected[key] || !actual[key]) continue;
    const scale = Math.max(...expected[key].map(Math.abs));
    const error = Math.max(...expected[key].map((value, i) => Math.abs(value - actual[key][i]))) / scale;
    if (!(error <= TOLERANCE[key])) return `${key} differ by ${error.toPrecision(2)} of the largest`;
  }
  return undefined;
}
