import type { BatchSource } from '@xcp/trainer';

/** Batches that do not end before enough was measured. */
const STEPS = 1_000_000;

/** Batches of noise with the labels in turn: what an engine takes for a step does not depend on the pictures. */
export function madeUp(size: number, batch: number, classes: number): BatchSource {
  const images = Float32Array.from(
    { length: batch * size * size * 3 },
    (_, i) => Math.sin(i * 12.9898) * 1.5,
  );
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  return {
    size: batch * STEPS,
    stepsPerEpoch: STEPS,
    *batches(_, startStep) {
      for (let step = startStep; step < STEPS; step++) {
        yield { images, labels, shape: [batch, size, size, 3] };
      }
    },
  };
}
