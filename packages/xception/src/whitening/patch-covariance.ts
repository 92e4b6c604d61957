/** Images [n, height, width, channels] as plain data. */
export interface Images {
  data: ArrayLike<number>;
  shape: readonly [number, number, number, number];
}

/**
 * The covariance of all patches of size × size pixels that lie within images, [p, p] with p = size² · channels, their
 * numbers in the order of a kernel's.
 */
export function patchCovariance({ data, shape }: Images, size: number): { matrix: Float64Array; n: number } {
  const [count, height, width, channels] = shape;
  const n = size * size * channels;
  const offsets = Int32Array.from({ length: n }, (_, i) => {
    const channel = i % channels;
    const [y, x] = [Math.floor(i / (channels * size)), Math.floor(i / channels) % size];
    return (y * width + x) * channels + channel;
  });
  const pixels = data instanceof Float32Array ? data : Float32Array.from(data);
  const sums = new Float64Array(n);
  const products = new Float64Array(n * n);
  const patch = new Float64Array(n);
  for (let image = 0; image < count; image++) {
    for (let y = 0; y + size <= height; y++) {
      for (let x = 0; x + size <= width; x++) {
        const at = ((image * height + y) * width + x) * channels;
        for (let i = 0; i < n; i++) patch[i] = pixels[at + offsets[i]!]!;
        for (let i = 0; i < n; i++) {
          const value = patch[i]!;
          sums[i]! += value;
          for (let j = i; j < n; j++) products[i * n + j]! += value * patch[j]!;
        }
      }
    }
  }
  const patches = count * (height - size + 1) * (width - size + 1);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const value = products[i * n + j]! / patches - (sums[i]! / patches) * (sums[j]! / patches);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  }
  return { matrix, n };
}
