/** Deterministic values in [-1, 1). */
export function values(size: number, seed = 1): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return (x - Math.floor(x)) * 2 - 1;
  });
}
