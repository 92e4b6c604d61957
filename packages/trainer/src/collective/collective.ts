/** How values of all ranks become one. */
export type ReduceOp = 'sum' | 'max' | 'min';

/**
 * Several processes (ranks) that train one model together: each has the whole model and takes its share of every batch.
 *
 * Every rank makes the same calls in the same order. `@xcp/mpi` makes one of MPI; without one a run is alone.
 */
export interface Collective {
  /** The number of this process, from 0; rank 0 alone writes. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /**
   * Replaces each value by the sum, the largest or the smallest over all ranks: the same bits on every one. Until it is
   * done the array must be left alone. What is `lossy` (gradients, and nothing else) may be sent with fewer bits.
   */
  allReduce(values: Float32Array | Float64Array, op: ReduceOp, options?: { lossy?: boolean }): Promise<void>;
  /** A sum that has been taken when it returns, for what must be computed within a forward pass. */
  allReduceSync?(values: Float64Array): void;
  /** Replaces the bytes by those of rank 0. */
  broadcast(bytes: Uint8Array): Promise<void>;
  /** Waits until every rank has come here. */
  barrier(): Promise<void>;
  /** Has the other ranks end, which would wait for this one for ever: it gives up, and its process is about to end. */
  abort(error: unknown): void;
  /** Takes leave of the others, after the last call. */
  close(): Promise<void>;
}

const done = Promise.resolve();

/** A process by itself. */
export const alone: Collective = {
  rank: 0,
  size: 1,
  allReduce: () => done,
  allReduceSync: () => {},
  broadcast: () => done,
  barrier: () => done,
  abort: () => {},
  close: () => done,
};

/** Another rank gives up and tells why; this one has nothing to add. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
}

/** All ranks have found together that they are not at one. */
export class RanksDifferError extends Error {
  override readonly name = 'RanksDifferError';
}
