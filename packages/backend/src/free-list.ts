/** A piece of memory that came from the system in one. */
export interface Chunk {
  address: number;
  size: number;
  /** Blocks of it that are in use. */
  used: number;
  /** The allocator's clock when it last became wholly free. */
  idleSince: number;
}

/** A part of a chunk; neighbours are linked. */
export interface Block {
  address: number;
  size: number;
  free: boolean;
  chunk: Chunk;
  previous: Block | undefined;
  next: Block | undefined;
}

/** Free blocks, sorted by size and then by address, so that the best fit is found by halving. */
export class FreeList {
  private readonly blocks: Block[] = [];

  add(block: Block): void {
    this.blocks.splice(this.position(block.size, block.address), 0, block);
  }

  remove(block: Block): void {
    this.blocks.splice(this.position(block.size, block.address), 1);
  }

  /** Takes the smallest block of at least `size` bytes off the list. */
  take(size: number): Block | undefined {
    return this.blocks.splice(this.position(size, 0), 1)[0];
  }

  /** First index at or after (size, address). */
  private position(size: number, address: number): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.blocks[middle]!;
      if (block.size < size || (block.size === size && block.address < address)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
