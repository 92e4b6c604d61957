/** A number of bytes for people. */
export const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** What was asked for and held, in bytes, when memory ran out. */
export interface Shortage {
  /** Bytes that were asked for. */
  requested: number;
  /** Bytes in use by tensors. */
  inUse: number;
  /** Bytes held from the system: tensors, cache and the kernels' scratch memory. */
  held: number;
  /** Most bytes that may be held. */
  limit: number;
}

/**
 * A tensor or a kernel's scratch memory would pass the memory limit, or the system has no more. The call that needed
 * it has failed and left nothing behind: the same program can go on with a smaller batch.
 *
 * @example
 * try {
 *   step(batch);
 * } catch (error) {
 *   if (!(error instanceof OutOfMemoryError)) throw error;
 *   for (const half of halves(batch)) step(half);
 * }
 */
export class OutOfMemoryError extends Error implements Shortage {
  override readonly name = 'OutOfMemoryError';
  readonly requested: number;
  readonly inUse: number;
  readonly held: number;
  readonly limit: number;

  /**
   * @param what what the memory was for
   * @param shortage figures in bytes
   * @param refusal why there is no more, where the limit is not the reason
   */
  constructor(what: string, shortage: Shortage, refusal?: string) {
    const { requested, inUse, held, limit } = shortage;
    const advice = 'use a smaller batch (or micro-batches) or input size';
    super(
      `xcp backend: out of memory: asked for ${mib(requested)} for ${what} with ${mib(inUse)} in use by tensors and ` +
        `${mib(held)} held, ` +
        (refusal
          ? `and ${refusal}; ${advice}`
          : `limit ${mib(limit)}; ${advice}, or raise the limit (\`memoryLimit\`, or XCP_MEMORY_LIMIT in MiB)`),
    );
    this.requested = requested;
    this.inUse = inUse;
    this.held = held;
    this.limit = limit;
  }
}
