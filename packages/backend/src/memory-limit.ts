import { totalmem } from 'node:os';

/** Left to the system, JavaScript and the kernels' scratch memory. */
const RESERVE_BYTES = 512 * 2 ** 20;

/** Most bytes that tensors may hold: `XCP_MEMORY_LIMIT` in MiB, or what the machine or container has, less a reserve. */
export function memoryLimit(): number {
  const option = process.env.XCP_MEMORY_LIMIT;
  if (option !== undefined && option !== '') {
    const mib = Number(option);
    if (!(mib > 0)) {
      throw new Error(`xcp backend: XCP_MEMORY_LIMIT must be a positive number of MiB, received ${option}`);
    }
    return mib * 2 ** 20;
  }
  // A container's own limit where there is one; a number beyond the machine's memory means none.
  const constrained = process.constrainedMemory?.() ?? 0;
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.max(total - RESERVE_BYTES, total / 2);
}
