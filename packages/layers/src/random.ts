/** A bijection of 32-bit integers in which every input bit flips every output bit about half the time. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}

/**
 * Derives an unsigned 32-bit seed of its own for a place in the network, such as one kernel of one layer.
 *
 * A pure function: the same seed and path give the same result on every machine.
 *
 * @example deriveSeed(42, 'block1_conv1', 'kernel');
 */
export function deriveSeed(seed: number, ...path: (string | number)[]): number {
  let h = 0x811c9dc5; // FNV-1a, which tells `a/b` from `b/a`, and then the mixer, which spreads it.
  for (const char of [seed, ...path].join('/')) h = Math.imul(h ^ char.codePointAt(0)!, 0x01000193);
  return mix(h) >>> 0;
}

/**
 * The 32 random bits at `index` of the stream `seed`, an unsigned integer; `draw` numbers further draws for
 * the same index.
 */
export function randomBits(seed: number, index: number, draw = 0): number {
  // The seed enters twice, so that two streams never run in step with a shift between them.
  return mix((mix(index ^ seed) + Math.imul(seed, 0x9e3779b9) + Math.imul(draw, 0x85ebca6b)) | 0) >>> 0;
}

/** The number in [0, 1) at `index` of the stream `seed`: a multiple of 2⁻²⁴, hence exact in float32. */
export function randomUniform(seed: number, index: number): number {
  return (randomBits(seed, index) >>> 8) * 2 ** -24;
}

/**
 * The standard normal number at `index` of the stream `seed`, drawn again while it is beyond two standard
 * deviations, by the Box–Muller transform.
 */
export function randomTruncatedNormal(seed: number, index: number): number {
  for (let draw = 0; ; draw += 2) {
    const radius = Math.sqrt(-2 * Math.log((randomBits(seed, index, draw) + 0.5) * 2 ** -32));
    const z = radius * Math.cos(2 * Math.PI * 2 ** -32 * randomBits(seed, index, draw + 1));
    if (Math.abs(z) < 2) return z;
  }
}
