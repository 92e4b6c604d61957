import {
  type BackendValues,
  type DataId,
  type DataType,
  KernelBackend,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { Allocator, type MemoryUse } from './allocator';
import { FailedTape } from './failed-tape';
import type { Library, Values } from './library';
import { checkMemoryLimit, checkThreads } from './limits';
import { OutOfMemoryError } from './out-of-memory';

interface Entry {
  address: number;
  bytes: number;
  size: number;
  dtype: DataType;
  refCount: number;
  /** Strings stay in JavaScript. */
  strings?: Uint8Array[];
}

/** What a kernel gets: a description of a tensor, without methods. */
export type Input = TensorInfo;

/** What `tf.memory()` tells beside its own counts: bytes by what they are. */
export interface XcpMemoryInfo extends MemoryUse {
  unreliable: boolean;
}

export interface BackendOptions {
  /** Most bytes that tensors and the kernels' scratch memory may hold. */
  memoryLimit: number;
}

function emptyValues(dtype: DataType, size: number): Values {
  if (dtype === 'float32') return new Float32Array(size);
  if (dtype === 'int32') return new Int32Array(size);
  if (dtype === 'bool') return new Uint8Array(size);
  throw new Error(
    `xcp backend: tensors of dtype ${dtype} are not supported, use float32, int32, bool or string`,
  );
}

function typedValues(values: BackendValues, dtype: DataType): Values {
  if (dtype === 'float32' && values instanceof Float32Array) return values;
  if (dtype === 'int32' && values instanceof Int32Array) return values;
  if (dtype === 'bool' && values instanceof Uint8Array) return values;
  const typed = emptyValues(dtype, values.length);
  typed.set(values as ArrayLike<number>);
  return typed;
}

/** A TensorFlow.js backend whose tensors lie in memory of the kernels' own. */
export class XcpBackend extends KernelBackend {
  /** How often each kernel that we lack ran on TensorFlow.js's cpu kernels. */
  readonly fallbacks = new Map<string, number>();
  private readonly entries = new Map<DataId, Entry>();
  private readonly allocator: Allocator;
  private readonly failedTape = new FailedTape();
  /** Outputs made since the kernel that runs began; they go with the kernel if that throws. */
  private made: DataId[] | undefined;

  constructor(
    readonly library: Library,
    options: BackendOptions,
  ) {
    super();
    this.allocator = new Allocator(library, options.memoryLimit);
    library.setMemoryLimit?.(options.memoryLimit);
    library.onScratchRefused = (kernel, bytes, attempt) => {
      this.allocator.trim();
      if (attempt > 0) throw this.outOfMemory(this.allocator.shortage(`${kernel}'s scratch`, bytes));
    };
  }

  /** Most bytes that tensors and the kernels' scratch memory may hold. */
  get memoryLimit(): number {
    return this.allocator.limit;
  }

  /**
   * Sets the memory limit, in bytes. What is held already stays; a limit below it holds for what is asked for next.
   *
   * @example
   * (tf.backend() as XcpBackend).setMemoryLimit(4 * 2 ** 30);
   */
  setMemoryLimit(bytes: number): void {
    this.allocator.limit = checkMemoryLimit(bytes);
    this.library.setMemoryLimit?.(bytes);
  }

  /** How many threads take part in a kernel. */
  get threads(): number {
    return this.library.threads;
  }

  /**
   * Sets how many threads take part in a kernel, 1 to 256; results do not depend on it. The threads belong to the
   * process: its other JavaScript threads share them.
   *
   * @example
   * (tf.backend() as XcpBackend).setThreads(4);
   */
  setThreads(count: number): void {
    this.library.setThreads(checkThreads(count));
  }

  /** Lets `memory().peak` count anew from what is in use now. */
  resetPeak(): void {
    this.allocator.resetPeak();
  }

  /** Gives all memory that is not in use back to the system, as after training. */
  trim(): void {
    this.failedTape.settle();
    this.allocator.trim();
  }

  /** Runs a kernel; whatever it made goes again if it throws. */
  whole<T>(kernel: () => T): T {
    const outer = this.made;
    this.made = [];
    try {
      return kernel();
    } catch (error) {
      for (const dataId of this.made) this.disposeData(dataId, true);
      throw error;
    } finally {
      this.made = outer;
    }
  }

  /** A new tensor whose values are still to be written by a kernel. */
  output(shape: readonly number[], dtype: DataType): TensorInfo {
    // A size from an attribute that nobody checked would be an address from nowhere.
    if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new Error(`xcp backend: a shape is made of whole numbers from 0, received [${shape}]`);
    }
    const dataId = {};
    this.create(dataId, util.sizeFromShape([...shape]), dtype, 1);
    this.made?.push(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /** A new tensor with the given values. */
  fromValues(shape: readonly number[], dtype: DataType, values: BackendValues): TensorInfo {
    const dataId = this.write(values, [...shape], dtype);
    this.made?.push(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /** Where a tensor's values lie. */
  address(tensor: Input): number {
    return this.entry(tensor.dataId).address;
  }

  /** The same data under another shape or owner. */
  share(tensor: Input, shape: readonly number[]): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: DataId,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    const size = util.sizeFromShape(shape);
    // Whoever calls: values beyond the tensor's memory would overwrite another's.
    if (values && values.length !== size) {
      throw new Error(
        `xcp backend: a tensor of shape [${shape}] takes ${size} values, received ${values.length}`,
      );
    }
    const entry = this.create(dataId, size, dtype, refCount);
    if (!values) return;
    if (dtype === 'string') entry.strings = values as Uint8Array[];
    else if (entry.size > 0) this.library.write(entry.address, typedValues(values, dtype));
  }

  override readSync(dataId: DataId): BackendValues {
    const entry = this.entry(dataId);
    if (entry.dtype === 'string') return entry.strings ?? [];
    const values = emptyValues(entry.dtype, entry.size);
    if (entry.size > 0) this.library.read(entry.address, values);
    return values;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override refCount(dataId: DataId): number {
    return this.entries.get(dataId)?.refCount ?? 0;
  }

  override incRef(dataId: DataId): void {
    this.entry(dataId).refCount++;
  }

  decRef(dataId: DataId): void {
    const entry = this.entries.get(dataId);
    if (entry) entry.refCount--;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const entry = this.entries.get(dataId);
    if (!entry) return true;
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    this.entries.delete(dataId);
    if (entry.bytes > 0) this.allocator.release(entry.address);
    return true;
  }

  override numDataIds(): number {
    return this.entries.size;
  }

  override memory(): XcpMemoryInfo {
    this.failedTape.settle();
    return { unreliable: false, ...this.allocator.use() };
  }

  override async time(run: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    run();
    return { kernelMs: performance.now() - start };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    for (const dataId of [...this.entries.keys()]) this.disposeData(dataId, true);
    this.allocator.trim();
    this.library.dispose();
  }

  private create(dataId: DataId, size: number, dtype: DataType, refCount: number): Entry {
    const bytes = dtype === 'string' ? 0 : emptyValues(dtype, 0).BYTES_PER_ELEMENT * size;
    if (size > this.library.maxElements) throw this.outOfMemory(this.allocator.shortage('a tensor', bytes));
    const entry: Entry = { address: this.allocate(bytes), bytes, size, dtype, refCount };
    this.entries.set(dataId, entry);
    return entry;
  }

  private allocate(bytes: number): number {
    this.failedTape.settle();
    if (bytes === 0) return 0;
    try {
      return this.allocator.allocate(bytes);
    } catch (error) {
      throw error instanceof OutOfMemoryError ? this.outOfMemory(error) : error;
    }
  }

  private outOfMemory(error: OutOfMemoryError): OutOfMemoryError {
    this.failedTape.watch();
    return error;
  }

  private entry(dataId: DataId): Entry {
    const entry = this.entries.get(dataId);
    if (!entry) throw new Error('xcp backend: a kernel was given a tensor that is not on this backend');
    return entry;
  }
}
