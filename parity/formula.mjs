// Weights and images by formula, the same to the bit as in oracles/formula.py, so that fixtures hold results alone.

/** Fills with numbers of low + (high − low) · [0, 1), a function of the name and the index: FNV-1a, then a 32-bit mix. */
export function fillUniform(values, name, low, high) {
  const step = (high - low) / 2 ** 24;
  let start = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) start = Math.imul(start ^ byte, 0x01000193);
  for (let i = 0; i < values.length; i++) {
    let x = (start + Math.imul(i, 0x9e3779b9)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    x ^= x >>> 16;
    values[i] = low + step * (x >>> 8);
  }
  return values;
}

/** A weight in Keras's layout, scaled so that activations neither vanish nor explode. */
export function weight(layer, kind, shape) {
  const [low, high] = limits(kind, shape);
  return fillUniform(new Float32Array(product(shape)), `${layer}/${kind}`, low, high);
}

function limits(kind, shape) {
  if (kind === 'gamma' || kind === 'moving_variance') return [0.75, 1.25];
  if (kind === 'beta' || kind === 'bias' || kind === 'moving_mean') return [-0.25, 0.25];
  // A depthwise kernel sees what a rectifier has left, half of the square.
  const fanIn = kind === 'depthwise_kernel' ? (shape[0] * shape[1]) / 2 : product(shape.slice(0, -1));
  const limit = Math.sqrt(3 / fanIn);
  return [-limit, limit];
}

/** Stripes that bend, with noise, as bytes; then x / 127.5 − 1: the values of [count, size, size, 3]. */
export function images(count, size, seed) {
  const values = new Float32Array(count * size * size * 3);
  const noise = fillUniform(new Float32Array(values.length), `images/${seed}`, 0, 32);
  let i = 0;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        for (let c = 0; c < 3; c++, i++) {
          const phase = (x * (3 + c + n) + y * (5 + 2 * c + 3 * n) + ((x * y) >> 4)) & 511;
          const stripes = phase < 256 ? phase : 511 - phase;
          values[i] = (((stripes * 7) >> 3) + Math.floor(noise[i])) / 127.5 - 1;
        }
      }
    }
  }
  return values;
}

export const labels = (count, classes) => Int32Array.from({ length: count }, (_, i) => (i * 3) % classes);

export const product = (shape) => shape.reduce((a, b) => a * b, 1);
