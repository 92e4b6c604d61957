import type { RunConfig } from '../config/run-config';

/** Two newest checkpoints, the best one, and the one being written; an export and the one being written. */
const checkpoints = 4;
const exports = 2;

/** Bytes that a run may come to need on the disk. */
export function bytesNeeded(parameters: number, { optimizer, ema }: RunConfig): number {
  const slots = optimizer.name === 'sgd' ? 1 : 2;
  const averages = ema ? 1 : 0;
  return parameters * Float32Array.BYTES_PER_ELEMENT * ((1 + slots + averages) * checkpoints + exports);
}
