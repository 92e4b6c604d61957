import type { DataId, DataType } from '@tensorflow/tfjs-core';
import { Allocator, type MemoryUse } from './allocator';
import { bytesIn, type Entry } from './entry';
import { FailedTape } from './failed-tape';
import type { Library } from './library';
import { OutOfMemoryError } from './out-of-memory';
import { Arena } from './tracing/arena';
import type { Recorder } from './tracing/recorder';

/** The tensors of a backend, and the memory that they lie in. */
export class Tensors {
  readonly allocator: Allocator;
  /** Memory of functions that are traced, and of their programs. */
  readonly arena: Arena;
  private readonly entries = new Map<DataId, Entry>();
  private readonly failedTape = new FailedTape();
  private recorder: Recorder | undefined;

  constructor(
    readonly library: Library,
    limit: number,
  ) {
    this.allocator = new Allocator(library, limit, {
      makeRoom: () => this.arena.clear(),
      inUseElsewhere: () => this.arena.allocator.bytesInUse,
    });
    this.arena = new Arena(this, library);
    this.limit = limit;
    library.onScratchRefused = (kernel, bytes, attempt) => {
      this.trim();
      if (attempt > 0) throw this.outOfMemory(this.allocator.shortage(`${kernel}'s scratch`, bytes));
    };
  }

  get limit(): number {
    return this.allocator.limit;
  }

  set limit(bytes: number) {
    this.allocator.limit = bytes;
    this.arena.allocator.limit = bytes;
    this.library.setMemoryLimit?.(bytes);
  }

  get count(): number {
    return this.entries.size;
  }

  /** Bytes, the arena's included. */
  use(): MemoryUse {
    this.failedTape.settle();
    const [own, arena] = [this.allocator.use(), this.arena.allocator.use()];
    const sum = (key: 'inUse' | 'cached' | 'held') => own[key] + arena[key];
    return {
      ...own,
      inUse: sum('inUse'),
      cached: sum('cached'),
      held: sum('held'),
      peak: Math.max(own.peak, arena.peak),
    };
  }

  resetPeak(): void {
    this.allocator.resetPeak();
    this.arena.allocator.resetPeak();
  }

  /** Whether a function is being traced. */
  get isRecording(): boolean {
    return this.recorder !== undefined;
  }

  create(dataId: DataId, size: number, dtype: DataType, refCount: number): Entry {
    const bytes = bytesIn(dtype, size);
    if (size > this.library.maxElements) throw this.outOfMemory(this.allocator.shortage('a tensor', bytes));
    const owner = this.recorder ? this.arena.allocator : this.allocator;
    const entry: Entry = { address: this.allocate(bytes, owner), bytes, size, dtype, refCount, owner };
    this.entries.set(dataId, entry);
    this.recorder?.made(dataId, entry, this.arena.allocator.bytesInUse);
    return entry;
  }

  /** Data that lies in memory of somebody else. */
  lend(dataId: DataId, entry: Omit<Entry, 'owner'>): void {
    this.entries.set(dataId, { ...entry, owner: undefined });
  }

  find(dataId: DataId): Entry | undefined {
    return this.entries.get(dataId);
  }

  get(dataId: DataId): Entry {
    const entry = this.entries.get(dataId);
    if (!entry) throw new Error('xcp backend: a kernel was given a tensor that is not on this backend');
    return entry;
  }

  /** Where a tensor's values lie, for a kernel that reads or writes them. */
  address(dataId: DataId): number {
    const entry = this.get(dataId);
    this.recorder?.touched(dataId, entry);
    return entry.address;
  }

  /** A copy of host memory into a tensor was asked for. */
  write(entry: Entry, values: Float32Array | Int32Array | Uint8Array): void {
    if (entry.size === 0) return;
    this.library.write(entry.address, values);
    this.recorder?.wrote(entry.address, values);
  }

  /** What happens cannot be run again without JavaScript. */
  refuseTrace(reason: string): void {
    this.recorder?.refuse(reason);
  }

  remove(dataId: DataId): void {
    const entry = this.entries.get(dataId);
    if (!entry) return;
    this.entries.delete(dataId);
    if (entry.owner === undefined) this.arena.returned(dataId);
    else if (entry.bytes > 0) entry.owner.release(entry.address);
  }

  removeAll(): void {
    for (const dataId of [...this.entries.keys()]) this.remove(dataId);
  }

  /** Moves data out of the arena. */
  evacuate(entry: Entry): void {
    const address = this.allocate(entry.bytes, this.allocator);
    if (entry.bytes > 0) {
      this.library.move(entry.address, address, entry.bytes);
      entry.owner?.release(entry.address);
    }
    entry.address = address;
    entry.owner = this.allocator;
  }

  /** Tells `recorder` of everything that happens while `run` runs. */
  record<T>(recorder: Recorder, run: () => T): T {
    this.recorder = recorder;
    this.library.onCall = (kernel, args) => recorder.called(kernel, args);
    try {
      return run();
    } finally {
      this.recorder = undefined;
      this.library.onCall = undefined;
    }
  }

  allocate(bytes: number, owner: Allocator): number {
    this.failedTape.settle();
    if (bytes === 0) return 0;
    try {
      return owner.allocate(bytes);
    } catch (error) {
      throw error instanceof OutOfMemoryError ? this.outOfMemory(error) : error;
    }
  }

  /** Gives what is not in use back to the system. */
  trim(): void {
    this.failedTape.settle();
    this.arena.clear();
    this.allocator.trim();
  }

  /** Frees what a gradient left behind whose computation failed, if that is over. */
  settle(): void {
    this.failedTape.settle();
  }

  private outOfMemory(error: OutOfMemoryError): OutOfMemoryError {
    this.failedTape.watch();
    return error;
  }
}
