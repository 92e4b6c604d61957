import { BATCH, SIZE } from './networks.mjs';

/** Batches of noise that are there at once: what they take to prepare is not the loop's. */
export function noiseSource({ stepsPerEpoch, variants = 4 }) {
  const batches = Array.from({ length: variants }, (_, variant) => ({
    shape: [BATCH, SIZE, SIZE, 3],
    labels: Int32Array.from({ length: BATCH }, (_, n) => (n + variant) % 10),
    images: Float32Array.from({ length: BATCH * SIZE * SIZE * 3 }, (_, i) =>
      Math.sin(i * (variant + 1) ** 2),
    ),
  }));
  return {
    size: stepsPerEpoch * BATCH,
    stepsPerEpoch,
    *batches(_, startStep) {
      for (let step = startStep; step < stepsPerEpoch; step++) yield batches[step % variants];
    },
  };
}
