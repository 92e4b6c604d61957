/** Where the allocator gets its big pieces from. */
export interface MemorySource {
  /** 64-byte aligned memory, or 0 where there is no more. */
  reserve(bytes: number): number;
  release(address: number): void;
  /** What a 0 means. */
  readonly refusal: string;
}

interface Block {
  address: number;
  size: number;
  free: boolean;
  chunk: Chunk;
  previous: Block | undefined;
  next: Block | undefined;
}

interface Chunk {
  address: number;
  size: number;
}

const ALIGNMENT = 64;
/** Big enough that a training step lives in few of them, small enough to be given back when it is over. */
const CHUNK_BYTES = 32 * 2 ** 20;

/** Bytes in use by tensors, held from the system, and the most that was ever in use. */
export interface MemoryUse {
  inUse: number;
  held: number;
  peak: number;
}

/**
 * Best-fit allocator over big chunks of memory: a training step asks for the same sizes again and again, and gets
 * the same memory again, with no call to the system. Neighbouring free blocks merge; wholly free chunks beyond the
 * first go back to the system when others are needed.
 */
export class Allocator {
  private readonly blocks = new Map<number, Block>();
  /** Free blocks, sorted by size and then by address. */
  private readonly free: Block[] = [];
  private inUse = 0;
  private held = 0;
  private peak = 0;

  constructor(
    private readonly source: MemorySource,
    private readonly limit: number,
  ) {}

  /** Address of `bytes` bytes, 64-byte aligned. Throws an out-of-memory error past the limit. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const block = this.take(size) ?? this.grow(size);
    block.free = false;
    const rest = block.size - size;
    if (rest > 0) this.split(block, size);
    this.blocks.set(block.address, block);
    this.inUse += size;
    this.peak = Math.max(this.peak, this.inUse);
    return block.address;
  }

  release(address: number): void {
    let block = this.blocks.get(address);
    if (!block) throw new Error(`xcp backend: address ${address} is not allocated`);
    this.blocks.delete(address);
    this.inUse -= block.size;
    block.free = true;
    const { previous, next } = block;
    if (next?.free) {
      this.unlist(next);
      this.merge(block, next);
    }
    if (previous?.free) {
      this.unlist(previous);
      this.merge(previous, block);
      block = previous;
    }
    this.list(block);
  }

  use(): MemoryUse {
    return { inUse: this.inUse, held: this.held, peak: this.peak };
  }

  /** Gives every wholly free chunk back to the system. */
  trim(): void {
    for (const block of [...this.free]) {
      if (block.size !== block.chunk.size) continue;
      this.unlist(block);
      this.source.release(block.chunk.address);
      this.held -= block.chunk.size;
    }
  }

  private take(size: number): Block | undefined {
    const at = this.position(size, 0);
    return this.free.splice(at, 1)[0];
  }

  private grow(size: number): Block {
    const chunkSize = Math.max(size, CHUNK_BYTES);
    if (this.held + chunkSize > this.limit) this.trim();
    const fits = this.held + chunkSize <= this.limit;
    let address = fits ? this.source.reserve(chunkSize) : 0;
    if (fits && !address) {
      this.trim();
      address = this.source.reserve(chunkSize);
    }
    if (!address) {
      const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
      const advice = 'use a smaller batch or input size';
      throw new Error(
        `xcp backend: out of memory: asked for ${mib(size)} with ${mib(this.inUse)} in use by tensors and ` +
          `${mib(this.held)} held, ` +
          (fits
            ? `and ${this.source.refusal}; ${advice}`
            : `limit ${mib(this.limit)}; ${advice}, or raise XCP_MEMORY_LIMIT (in MiB)`),
      );
    }
    this.held += chunkSize;
    const chunk = { address, size: chunkSize };
    return { address, size: chunkSize, free: true, chunk, previous: undefined, next: undefined };
  }

  private split(block: Block, size: number): void {
    const rest: Block = {
      address: block.address + size,
      size: block.size - size,
      free: true,
      chunk: block.chunk,
      previous: block,
      next: block.next,
    };
    if (block.next) block.next.previous = rest;
    block.next = rest;
    block.size = size;
    this.list(rest);
  }

  private merge(left: Block, right: Block): void {
    left.size += right.size;
    left.next = right.next;
    if (right.next) right.next.previous = left;
  }

  /** First index in the free list at or after (size, address). */
  private position(size: number, address: number): number {
    let low = 0;
    let high = this.free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.free[middle]!;
      if (block.size < size || (block.size === size && block.address < address)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private list(block: Block): void {
    this.free.splice(this.position(block.size, block.address), 0, block);
  }

  private unlist(block: Block): void {
    this.free.splice(this.position(block.size, block.address), 1);
  }
}
