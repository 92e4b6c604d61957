import {
  type BackendValues,
  type DataId,
  type DataType,
  engine,
  KernelBackend,
  type Tensor,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { MemoryUse } from './allocator';
import type { Question } from './derived';
import { emptyValues, typedValues } from './entry';
import type { Library } from './library';
import { checkMemoryLimit, checkThreads } from './limits';
import type { Plan, PlanInputs } from './plan';
import { Tensors } from './tensors';
import { type TensorFunction, Trace } from './tracing/trace';

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

/** Whether a kernel runs in the forward pass of a gradient (`isTapeOn` is never so within a kernel). */
const isDifferentiating = () => engine().state.gradientDepth > 0;

/** A TensorFlow.js backend whose tensors lie in memory of the kernels' own. */
export class XcpBackend extends KernelBackend {
  /** How often each kernel that we lack ran on TensorFlow.js's cpu kernels. */
  readonly fallbacks = new Map<string, number>();
  private readonly tensors: Tensors;
  /** Outputs made since the kernel that runs began; they go with the kernel if that throws. */
  private made: DataId[] | undefined;

  constructor(
    readonly library: Library,
    options: BackendOptions,
  ) {
    super();
    this.tensors = new Tensors(library, options.memoryLimit);
  }

  /** Most bytes that tensors and the kernels' scratch memory may hold. */
  get memoryLimit(): number {
    return this.tensors.limit;
  }

  /**
   * Sets the memory limit, in bytes. What is held already stays; a limit below it holds for what is asked for next.
   *
   * @example
   * (tf.backend() as XcpBackend).setMemoryLimit(4 * 2 ** 30);
   */
  setMemoryLimit(bytes: number): void {
    this.tensors.limit = checkMemoryLimit(bytes);
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
    this.tensors.resetPeak();
  }

  /** Gives all memory that is not in use back to the system, as after training. */
  trim(): void {
    this.tensors.trim();
  }

  /**
   * A function that does what `run` does, faster: see `traced`. What it returns belongs to the caller; `dispose` frees
   * what it keeps.
   */
  trace(run: TensorFunction): { call(inputs: Tensor[]): Tensor[]; dispose(): void } {
    return new Trace(this, this.tensors, run);
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
    this.tensors.create(dataId, util.sizeFromShape([...shape]), dtype, 1);
    this.made?.push(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /**
   * A new float32 tensor that is computed when somebody needs it; until then the plan holds its inputs. Within a
   * gradient, which will come back for what a kernel gave, it is computed at once.
   */
  outputLater<I extends PlanInputs>(shape: readonly number[], plan: Plan<I>): TensorInfo {
    if (isDifferentiating()) {
      const into = this.output(shape, 'float32');
      plan.compute(this, into);
      return into;
    }
    const into = { dataId: {}, shape: [...shape], dtype: 'float32' as const };
    const held: DataId[] = [];
    const entries = Object.entries(plan.inputs).map(([name, input]) => {
      if (!input) return [name, input];
      const { shape, dtype } = input;
      const dataId = this.tensors.alias(input.dataId);
      held.push(dataId);
      return [name, { dataId, shape, dtype }];
    });
    const own = plan.over(Object.fromEntries(entries) as I);
    const compute = (dataId: DataId) => own.compute(this, { ...into, dataId });
    this.tensors.createLater(into.dataId, util.sizeFromShape([...shape]), 'float32', {
      plan: own,
      held,
      compute,
    });
    this.made?.push(into.dataId);
    return into;
  }

  /** How a tensor will be computed, where that is still to be done. */
  planOf(tensor: Input): Plan | undefined {
    return this.tensors.find(tensor.dataId)?.data.later?.plan;
  }

  /**
   * What comes from weights alone, kept from the second time on, or undefined where it is not kept; `release` tells
   * that it has been read.
   */
  kept(question: Question): { tensors: readonly TensorInfo[]; release(): void } | undefined {
    if (isDifferentiating()) return undefined; // the weights are about to change
    const { derived, recording } = this.tensors;
    const known = (input: TensorInfo | undefined) =>
      !input || !recording?.madeHere(this.tensors.get(input.dataId).origin);
    if (!question.inputs.every(known)) return undefined;
    const item = derived.find(question, recording !== undefined);
    if (!item) return undefined;
    recording?.reads(
      item,
      item.inputs.map((input) => input && this.tensors.get(input.dataId)),
    );
    item.readers++;
    return { tensors: item.outputs, release: () => void item.readers-- };
  }

  /** A new tensor with the given values. */
  fromValues(shape: readonly number[], dtype: DataType, values: BackendValues): TensorInfo {
    const dataId = this.write(values, [...shape], dtype);
    this.made?.push(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /** Where a tensor's values lie. */
  address(tensor: Input): number {
    return this.tensors.address(tensor.dataId);
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
    const entry = this.tensors.create(dataId, size, dtype, refCount);
    if (!values) return;
    if (dtype === 'string') entry.strings = values as Uint8Array[];
    else this.tensors.write(entry, typedValues(values, dtype));
  }

  override readSync(dataId: DataId): BackendValues {
    const { dtype, size, strings = [], data } = this.tensors.ready(dataId);
    this.tensors.recording?.refuse('it reads values');
    if (dtype === 'string') return strings;
    const values = emptyValues(dtype, size);
    if (size > 0) this.library.read(data.address, values);
    return values;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  /** Whether nobody else has the values of a tensor. */
  isAlone(tensor: Input): boolean {
    return this.tensors.isAlone(tensor.dataId);
  }

  /** A kernel is about to change the values of a tensor in place. */
  changes(tensor: Input): void {
    this.tensors.changes(tensor.dataId);
  }

  override refCount(dataId: DataId): number {
    return this.tensors.find(dataId)?.refCount ?? 0;
  }

  override incRef(dataId: DataId): void {
    this.tensors.get(dataId).refCount++;
  }

  decRef(dataId: DataId): void {
    const entry = this.tensors.find(dataId);
    if (entry) entry.refCount--;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const entry = this.tensors.find(dataId);
    if (!entry) return true;
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    this.tensors.remove(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.tensors.count;
  }

  override memory(): XcpMemoryInfo {
    return { unreliable: false, ...this.tensors.use() };
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
    this.tensors.removeAll();
    this.tensors.trim();
    this.library.dispose();
  }
}
