import type { RunConfig } from '../config/run-config';

/** Two newest checkpoints, the best one, and the one being written; an export and the one being written. */
const checkpoints = 4;
const exports = 2;

/** Bytes that a run may come to need on the disk. */
export function bytesNeeded(parameters: number, { optimizer, onDivergence }: RunConfig): number {
  const slots = optimizer.name === 'adam' ? 2 : 1;
  // That to which a rollback goes stays too.
  const kept = checkpoints + (onDivergence === 'stop' ? 0 : 1);
  return parameters * Float32Array.BYTES_PER_ELEMENT * ((1 + slots) * kept + exports);
}
