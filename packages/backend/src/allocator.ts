import { type Block, type Chunk, FreeList } from './free-list';
import { OutOfMemoryError } from './out-of-memory';
import { RecentPeak } from './recent-peak';

/** Where the allocator gets its big pieces from. */
export interface MemorySource {
  /** 64-byte aligned memory, or 0 where there is no more. */
  reserve(bytes: number): number;
  release(address: number): void;
  /** What a 0 means. */
  readonly refusal: string;
  /** Bytes of scratch memory that kernels hold beside the tensors'. */
  scratchHeld?(): number;
  /** Bytes that everybody in this process holds, scratch included, where others share the limit. */
  processHeld?(): number;
  /** Gives scratch memory back; kernels ask for it again when they need it. */
  trimScratch?(): void;
}

const ALIGNMENT = 64;
/** Big enough that a training step lives in few of them, small enough to be given back when it is over. */
const CHUNK_BYTES = 32 * 2 ** 20;
/**
 * Allocations after which a chunk that none of them touched goes back to the system. A training step makes about a
 * thousand, so that what every step needs is never given back.
 */
const PATIENCE = 16 * 1024;
/** Allocations between two looks for such chunks. */
const SWEEP = 1024;
/** Cache that is always allowed: below this the system's work costs more than the memory is worth. */
const SPARE_BYTES = 2 * CHUNK_BYTES;

/** Bytes that a request takes. */
export const roundUp = (bytes: number): number =>
  Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);

/** Bytes, by what they are. */
export interface MemoryUse {
  /** In use by tensors. */
  inUse: number;
  /** Held from the system, but not in use: ready for the next tensors, or kept because it may serve again. */
  cached: number;
  /** Held from the system for tensors: `inUse` + `cached`. */
  held: number;
  /** The most that was in use since the start or the last `resetPeak`. */
  peak: number;
  /** Held by kernels as scratch, beside the tensors. */
  scratch: number;
  /** The most that may be held, scratch included. */
  limit: number;
}

export interface AllocatorOptions {
  /** Memory goes back to the system with `giveBack` alone. Default false. */
  keeps?: boolean;
  /** Asks others to give back what they can spare, before memory is refused. */
  makeRoom?: () => void;
  /** Bytes that are in use beside those of this allocator, for the peak. */
  inUseElsewhere?: () => number;
}

/**
 * Best-fit allocator over big chunks of memory: a training step asks for the same sizes again and again, and gets
 * the same memory again, with no call to the system. Neighbouring free blocks merge.
 *
 * What is cached is bounded: no more is held than twice what was lately in use at once (in whole chunks, and a
 * spare), and a chunk that many thousand allocations did not touch goes back as well.
 */
export class Allocator {
  private readonly blocks = new Map<number, Block>();
  private readonly free = new FreeList();
  /** Wholly free chunks, each with its one block, the longest idle first. */
  private readonly idle = new Map<Chunk, Block>();
  private readonly demand = new RecentPeak(PATIENCE);
  private clock = 0;
  private inUse = 0;
  private held = 0;
  private idleBytes = 0;
  private peak = 0;

  constructor(
    private readonly source: MemorySource,
    public limit: number,
    private readonly options: AllocatorOptions = {},
  ) {}

  /**
   * Address of `bytes` bytes, 64-byte aligned.
   *
   * @throws OutOfMemoryError past the limit, or where the system has no more
   */
  allocate(bytes: number): number {
    const size = roundUp(bytes);
    const block = this.free.take(size) ?? this.grow(size);
    if (block.chunk.used++ === 0) {
      this.idle.delete(block.chunk);
      this.idleBytes -= block.chunk.size;
    }
    block.free = false;
    if (block.size > size) this.split(block, size);
    this.blocks.set(block.address, block);
    this.inUse += size;
    this.notePeak(this.inUse);
    this.demand.note(this.held - this.idleBytes);
    if (++this.clock % SWEEP === 0 && !this.options.keeps) this.sweep();
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
      this.free.remove(next);
      this.merge(block, next);
    }
    if (previous?.free) {
      this.free.remove(previous);
      this.merge(previous, block);
      block = previous;
    }
    this.free.add(block);
    if (--block.chunk.used > 0) return;
    this.setIdle(block);
    if (this.options.keeps) return;
    while (this.held > 2 * this.demand.value + SPARE_BYTES && this.idle.size > 0) this.giveBackOldest();
  }

  use(): MemoryUse {
    const { inUse, held, peak, limit } = this;
    return { inUse, cached: held - inUse, held, peak, scratch: this.scratchHeld(), limit };
  }

  /** What `use().inUse` says. */
  get bytesInUse(): number {
    return this.inUse;
  }

  /** Counts the peak anew from what is in use now. */
  resetPeak(): void {
    this.peak = 0;
    this.notePeak(this.inUse);
  }

  /** So many bytes were in use here at once. */
  notePeak(bytes: number): void {
    this.peak = Math.max(this.peak, bytes + (this.options.inUseElsewhere?.() ?? 0));
  }

  /** Gives what nobody needs back to the system: wholly free chunks, and the kernels' scratch memory. */
  trim(): void {
    if (!this.options.keeps) this.giveBack();
    this.source.trimScratch?.();
  }

  /** Gives every wholly free chunk back to the system. */
  giveBack(): void {
    while (this.idle.size > 0) this.giveBackOldest();
  }

  /** The error for `requested` bytes that cannot be had: because of the limit, or because the system has no more. */
  shortage(what: string, requested: number): OutOfMemoryError {
    const { inUse, limit } = this;
    const figures = { requested, inUse, held: this.heldInAll(), limit };
    return new OutOfMemoryError(what, figures, this.fits(requested) ? this.source.refusal : undefined);
  }

  private scratchHeld(): number {
    return this.source.scratchHeld?.() ?? 0;
  }

  private fits(bytes: number): boolean {
    return this.heldInAll() + bytes <= this.limit;
  }

  private heldInAll(): number {
    return this.source.processHeld?.() ?? this.held + this.scratchHeld();
  }

  /** A new chunk with room for `size` bytes, as one free block. Near the limit it is no larger than it must be. */
  private grow(size: number): Block {
    const sizes = size < CHUNK_BYTES ? [CHUNK_BYTES, size] : [size];
    for (const attempt of ['as it is', 'after trimming']) {
      if (attempt === 'after trimming') {
        this.options.makeRoom?.();
        this.trim();
      }
      for (const chunkSize of sizes) {
        const address = this.fits(chunkSize) ? this.source.reserve(chunkSize) : 0;
        if (address) return this.chunk(address, chunkSize);
      }
    }
    throw this.shortage('a tensor', size);
  }

  private chunk(address: number, size: number): Block {
    this.held += size;
    const chunk: Chunk = { address, size, used: 0, idleSince: this.clock };
    const block: Block = { address, size, free: true, chunk, previous: undefined, next: undefined };
    this.setIdle(block);
    return block;
  }

  private setIdle(block: Block): void {
    block.chunk.idleSince = this.clock;
    this.idle.set(block.chunk, block);
    this.idleBytes += block.chunk.size;
  }

  private sweep(): void {
    for (const chunk of this.idle.keys()) {
      if (this.clock - chunk.idleSince <= PATIENCE) return;
      this.giveBackOldest();
    }
  }

  private giveBackOldest(): void {
    const [chunk, block] = this.idle.entries().next().value!;
    this.idle.delete(chunk);
    this.idleBytes -= chunk.size;
    this.free.remove(block);
    this.held -= chunk.size;
    this.source.release(chunk.address);
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
    this.free.add(rest);
  }

  private merge(left: Block, right: Block): void {
    left.size += right.size;
    left.next = right.next;
    if (right.next) right.next.previous = left;
  }
}
