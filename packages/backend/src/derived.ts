import { type DataId, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { roundUp } from './allocator';
import type { Data } from './entry';
import type { Tensors } from './tensors';

export type Inputs = readonly (TensorInfo | undefined)[];
/** Computes tensors from others. */
export type Derivation = (inputs: Inputs, into: readonly TensorInfo[]) => void;

/** What comes from some tensors alone: `kind` tells it from what else comes from the same tensors. */
export interface Question {
  kind: string;
  /** The first of them is there. */
  inputs: Inputs;
  /** Of the float32 tensors to be computed. */
  shapes: readonly (readonly number[])[];
  compute: Derivation;
}

/** An answer that is kept. */
export interface Kept {
  kind: string;
  inputs: Inputs;
  /** How often each input had been changed in place when this was computed. */
  versions: number[];
  outputs: TensorInfo[];
  compute: Derivation;
  /** How many kernels are reading it. */
  readers: number;
  /** False once its memory was given back. */
  alive: boolean;
}

/**
 * Keeps what the kernels compute from weights alone, such as filters in the order in which they are read. It is
 * computed when the same weights come a second time, and again when one was changed in place; it goes with the weights,
 * or where memory is short.
 */
export class Derived {
  private readonly kept = new Map<DataId, Kept[]>();
  /** The version of data that was asked about once. */
  private readonly seen = new WeakMap<Data, number>();

  constructor(private readonly tensors: Tensors) {}

  /** What is kept, as the allocator counts it. */
  get bytes(): number {
    let bytes = 0;
    for (const items of this.kept.values()) {
      for (const { outputs } of items) {
        for (const { dataId } of outputs) bytes += roundUp(this.tensors.get(dataId).data.bytes);
      }
    }
    return bytes;
  }

  /** The answer where it is kept; `eager` keeps it when it is asked for the first time. */
  find({ kind, inputs: given, shapes, compute }: Question, eager: boolean): Kept | undefined {
    const inputs = given.map((tensor) => tensor && this.original(tensor));
    if (inputs.some((input, i) => given[i] && !input)) return undefined;
    const { dataId } = inputs[0]!;
    const items = this.kept.get(dataId) ?? [];
    const known = items.find((item) => item.kind === kind && sameInputs(item.inputs, inputs));
    if (known) {
      this.refresh(known);
      return known;
    }
    if (!eager && !this.comesAgain(dataId)) return undefined;
    const outputs = this.create(shapes);
    const item: Kept = { kind, inputs, versions: [], outputs, compute, readers: 0, alive: true };
    this.kept.set(dataId, [...items.filter((other) => this.isCurrent(other)), item]);
    this.refresh(item);
    return item;
  }

  /** Computes it anew where a weight was changed. */
  refresh(item: Kept): void {
    const versions = item.inputs.map((input) => (input ? this.tensors.get(input.dataId).data.version : 0));
    if (versions.length === item.versions.length && versions.every((v, i) => v === item.versions[i])) return;
    this.tensors.record(undefined, () => item.compute(item.inputs, item.outputs));
    item.versions = versions;
  }

  /** A tensor is gone, and with it what came from it. */
  removed(dataId: DataId): void {
    for (const item of this.kept.get(dataId) ?? []) this.free(item);
    this.kept.delete(dataId);
  }

  /** Gives back all that nobody is reading. */
  clear(): void {
    for (const [dataId, items] of this.kept) {
      const read = items.filter(({ readers }) => readers > 0);
      for (const item of items) if (!read.includes(item)) this.free(item);
      if (read.length > 0) this.kept.set(dataId, read);
      else this.kept.delete(dataId);
    }
  }

  private create(shapes: Question['shapes']): TensorInfo[] {
    return this.tensors.record(undefined, () =>
      shapes.map((shape) => {
        const output = { dataId: {}, shape: [...shape], dtype: 'float32' as const };
        this.tensors.createHidden(output.dataId, util.sizeFromShape(output.shape));
        return output;
      }),
    );
  }

  private comesAgain(dataId: DataId): boolean {
    const { data } = this.tensors.get(dataId);
    if (this.seen.get(data) === data.version) return true;
    this.seen.set(data, data.version);
    return false;
  }

  private free(item: Kept): void {
    item.alive = false;
    for (const { dataId } of item.outputs) this.tensors.remove(dataId);
  }

  private isCurrent(item: Kept): boolean {
    const current = item.inputs.every((input) => !input || this.tensors.find(input.dataId));
    if (!current) this.free(item);
    return current;
  }

  /** The tensor by the name under which others know it, if it has these values still. */
  private original(tensor: TensorInfo): TensorInfo | undefined {
    const { origin, data } = this.tensors.get(tensor.dataId);
    return this.tensors.find(origin)?.data === data ? { ...tensor, dataId: origin } : undefined;
  }
}

const sameInputs = (a: Inputs, b: Inputs): boolean =>
  a.length === b.length && a.every((tensor, i) => tensor?.dataId === b[i]?.dataId);
