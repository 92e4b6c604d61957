import type { DataId, DataType } from '@tensorflow/tfjs-core';
import { Allocator, type MemoryUse } from './allocator';
import { Derived } from './derived';
import { bytesIn, type Data, type Entry, type Later } from './entry';
import { FailedTape } from './failed-tape';
import type { Library, Values } from './library';
import { OutOfMemoryError } from './out-of-memory';
import { Arena } from './tracing/arena';
import type { Recorder } from './tracing/recorder';

/** The tensors of a backend, and the memory that they lie in. */
export class Tensors {
  readonly allocator: Allocator;
  /** Memory of functions that are traced, and of their programs. */
  readonly arena: Arena;
  readonly derived = new Derived(this);
  private readonly entries = new Map<DataId, Entry>();
  /** Names that we gave ourselves. */
  private readonly hidden = new Set<DataId>();
  private readonly failedTape = new FailedTape();
  private recorder: Recorder | undefined;

  constructor(
    readonly library: Library,
    limit: number,
  ) {
    this.allocator = new Allocator(library, limit, {
      makeRoom: () => this.giveUp(),
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

  /** How many tensors there are, but those of our own. */
  get count(): number {
    return this.entries.size - this.hidden.size;
  }

  /** Bytes, the arena's included. What could be computed again counts as cached. */
  use(): MemoryUse {
    this.settle();
    const [own, arena] = [this.allocator.use(), this.arena.allocator.use()];
    const sum = (key: 'inUse' | 'cached' | 'held') => own[key] + arena[key];
    const derived = this.derived.bytes;
    return {
      ...own,
      inUse: sum('inUse') - derived,
      cached: sum('cached') + derived,
      held: sum('held'),
      peak: Math.max(own.peak, arena.peak),
    };
  }

  resetPeak(): void {
    this.allocator.resetPeak();
    this.arena.allocator.resetPeak();
  }

  /** The function that is being traced, if one is. */
  get recording(): Recorder | undefined {
    return this.recorder;
  }

  create(dataId: DataId, size: number, dtype: DataType, refCount: number): Entry {
    const bytes = bytesIn(dtype, size);
    if (size > this.library.maxElements) throw this.outOfMemory(this.allocator.shortage('a tensor', bytes));
    return this.add(dataId, this.allocated(bytes), size, dtype, refCount);
  }

  /** A tensor whose values are computed when somebody needs them. */
  createLater(dataId: DataId, size: number, dtype: DataType, later: Later): void {
    const data = { address: 0, bytes: bytesIn(dtype, size), owner: undefined, users: 0, version: 0, later };
    this.add(dataId, data, size, dtype, 1);
  }

  /** Data that lies in memory of somebody else. */
  lend(
    dataId: DataId,
    {
      address,
      bytes,
      size,
      dtype,
      refCount,
    }: Omit<Entry, 'data' | 'origin'> & Pick<Data, 'address' | 'bytes'>,
  ): Data {
    const data = { address, bytes, owner: undefined, users: 0, version: 0 };
    this.add(dataId, data, size, dtype, refCount);
    return data;
  }

  /** Another name for the same values, that is its owner's to remove. */
  alias(dataId: DataId): DataId {
    const { data, size, dtype, origin } = this.get(dataId);
    const alias = {};
    data.users++;
    this.hidden.add(alias);
    this.entries.set(alias, { data, size, dtype, refCount: 1, origin });
    return alias;
  }

  /** A tensor of our own, which nobody counts. */
  createHidden(dataId: DataId, size: number): void {
    this.create(dataId, size, 'float32', 1);
    this.hidden.add(dataId);
  }

  find(dataId: DataId): Entry | undefined {
    return this.entries.get(dataId);
  }

  get(dataId: DataId): Entry {
    const entry = this.entries.get(dataId);
    if (!entry) throw new Error('xcp backend: a kernel was given a tensor that is not on this backend');
    return entry;
  }

  /** A tensor with its values in place. */
  ready(dataId: DataId): Entry {
    const entry = this.get(dataId);
    if (entry.data.later) this.compute(dataId, entry, entry.data.later);
    return entry;
  }

  /** Where a tensor's values lie, for a kernel that reads or writes them. */
  address(dataId: DataId): number {
    const entry = this.ready(dataId);
    this.recorder?.touched(entry);
    return entry.data.address;
  }

  /** Writes values of JavaScript's. */
  write({ data, size }: Entry, values: Values): void {
    if (size === 0) return;
    this.library.write(data.address, values);
    this.recorder?.wrote(data.address, values);
  }

  /** Whether nobody but the tensor of this name has its values. */
  isAlone(dataId: DataId): boolean {
    const { refCount, data } = this.get(dataId);
    return refCount === 1 && data.users === 1;
  }

  /** The values are about to be changed in place. */
  changes(dataId: DataId): void {
    const entry = this.ready(dataId);
    entry.data.version++;
    this.recorder?.changed.add(entry.origin);
  }

  remove(dataId: DataId): void {
    const entry = this.entries.get(dataId);
    if (!entry) return;
    this.entries.delete(dataId);
    this.hidden.delete(dataId);
    this.derived.removed(dataId);
    const { data } = entry;
    if (--data.users > 0) return;
    if (data.later) this.forgetLater(data, data.later);
    else if (data.owner === undefined) this.arena.returned(data);
    else if (data.bytes > 0) data.owner.release(data.address);
  }

  removeAll(): void {
    for (const dataId of [...this.entries.keys()]) this.remove(dataId);
  }

  /** Moves values out of the arena. */
  evacuate(data: Data): void {
    const address = this.allocate(data.bytes, this.allocator);
    if (data.bytes > 0) {
      this.library.move(data.address, address, data.bytes);
      data.owner?.release(data.address);
    }
    data.address = address;
    data.owner = this.allocator;
  }

  /** Tells `recorder` of everything that happens while `run` runs; undefined: nobody. */
  record<T>(recorder: Recorder | undefined, run: () => T): T {
    const { recorder: outer, library } = this;
    const { onCall } = library;
    this.recorder = recorder;
    library.onCall = recorder && ((kernel, args) => recorder.called(kernel, args));
    try {
      return run();
    } finally {
      this.recorder = outer;
      library.onCall = onCall;
    }
  }

  allocate(bytes: number, owner: Allocator): number {
    this.settle();
    if (bytes === 0) return 0;
    try {
      return owner.allocate(bytes);
    } catch (error) {
      throw error instanceof OutOfMemoryError ? this.outOfMemory(error) : error;
    }
  }

  /** Gives what is not in use back to the system. */
  trim(): void {
    this.settle();
    this.giveUp();
    this.allocator.trim();
  }

  /** Frees what a gradient left behind whose computation failed, if that is over. */
  settle(): void {
    this.failedTape.settle();
  }

  private add(dataId: DataId, data: Data, size: number, dtype: DataType, refCount: number): Entry {
    const entry: Entry = { data, size, dtype, refCount, origin: dataId };
    data.users++;
    this.entries.set(dataId, entry);
    this.recorder?.made(entry);
    return entry;
  }

  /** Memory for a tensor that is made now. */
  private allocated(bytes: number): Data {
    const owner = this.recorder ? this.arena.allocator : this.allocator;
    const data = { address: this.allocate(bytes, owner), bytes, owner, users: 0, version: 0 };
    this.recorder?.uses(this.arena.allocator.bytesInUse);
    return data;
  }

  private compute(dataId: DataId, { data, origin }: Entry, later: Later): void {
    // What was asked for before a function was traced is no part of it.
    const recorder = this.recorder?.madeHere(origin) ? this.recorder : undefined;
    this.record(recorder, () => {
      const { address, owner } = this.allocated(data.bytes);
      Object.assign(data, { address, owner, later: undefined });
      try {
        later.compute(dataId);
      } catch (error) {
        owner?.release(address);
        Object.assign(data, { address: 0, owner: undefined, later });
        throw error;
      }
      this.forgetLater(data, later);
    });
  }

  private forgetLater(data: Data, { held }: Later): void {
    data.later = undefined;
    for (const dataId of held) this.remove(dataId);
  }

  /** Frees what can be computed again. */
  private giveUp(): void {
    if (this.arena.isBusy) return;
    this.derived.clear();
    this.arena.clear();
  }

  private outOfMemory(error: OutOfMemoryError): OutOfMemoryError {
    this.failedTape.watch();
    return error;
  }
}
