const MOST_THREADS = 256;

/** @throws where `threads` is out of its range; `received` is what somebody wrote */
export function checkThreads(threads: number, received: unknown = threads): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new Error(
    `xcp backend: \`threads\` (or XCP_NUM_THREADS) must be a whole number from 1 to ${MOST_THREADS}, received ${received}`,
  );
}

/** A number of processors, cut to what `checkThreads` lets pass. */
export const clampThreads = (processors: number): number =>
  Math.min(Math.max(1, Math.floor(processors)), MOST_THREADS);

/** @throws where a limit in bytes is not positive */
export function checkMemoryLimit(bytes: number): number {
  if (bytes > 0) return bytes;
  throw new Error(`xcp backend: \`memoryLimit\` must be a positive number of bytes, received ${bytes}`);
}
