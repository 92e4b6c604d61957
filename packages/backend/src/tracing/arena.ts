import type { DataId } from '@tensorflow/tfjs-core';
import { Allocator } from '../allocator';
import type { Data } from '../entry';
import type { Library } from '../library';
import type { Tensors } from '../tensors';

/**
 * Memory in which traced functions work. Every one of them starts with all of it free, so that it finds the same
 * addresses each time: what is left of the one before (the outputs that somebody still holds) moves out first.
 *
 * So there is as much of it as the largest of them needs, and it is kept between two calls.
 */
export class Arena {
  readonly allocator: Allocator;
  /** Counts how often the memory was given back: programs from before are void. */
  generation = 0;
  /** Whether a function is at work here. */
  private busy = false;
  private readonly lent = new Set<Data>();

  constructor(
    private readonly tensors: Tensors,
    library: Library,
  ) {
    this.allocator = new Allocator(library, tensors.limit, {
      keeps: true,
      makeRoom: () => tensors.allocator.trim(),
      inUseElsewhere: () => tensors.allocator.bytesInUse,
    });
  }

  /** Makes all of the arena free, runs, and lets nobody take its memory away meanwhile. */
  work<T>(run: () => T): T {
    this.busy = true;
    try {
      this.evacuate();
      return run();
    } finally {
      this.busy = false;
    }
  }

  /** Makes a tensor of memory of the arena; it is good until the next function works here, and then moves out. */
  lend(dataId: DataId, tensor: Parameters<Tensors['lend']>[1]): void {
    this.lent.add(this.tensors.lend(dataId, tensor));
  }

  /** What was lent is no longer used. */
  returned(data: Data): void {
    this.lent.delete(data);
  }

  get isBusy(): boolean {
    return this.busy;
  }

  /** Gives all memory back, where nobody is at work. */
  clear(): void {
    if (this.busy || this.allocator.use().held === 0) return;
    this.busy = true;
    try {
      this.evacuate();
      if (this.allocator.bytesInUse > 0) return;
      this.generation++;
      this.allocator.giveBack();
    } catch {
      // There is not even room for the outputs: everything stays as it is.
    } finally {
      this.busy = false;
    }
  }

  private evacuate(): void {
    for (const data of this.lent) {
      this.tensors.evacuate(data);
      this.lent.delete(data);
    }
  }
}
