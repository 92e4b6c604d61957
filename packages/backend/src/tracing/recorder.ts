import type { DataId } from '@tensorflow/tfjs-core';
import type { Kept } from '../derived';
import type { Entry } from '../entry';
import type { Values } from '../library';

/** A kernel was called, or values of JavaScript's were written into a tensor. */
export type Event = { kernel: number; args: readonly number[] } | { address: number; values: Values };

/** Writes down what happens to a backend while a function runs. */
export class Recorder {
  readonly events: Event[] = [];
  /** Tensors from outside that were used, and where they lay. */
  readonly captured = new Map<DataId, number>();
  /** Those of them that were changed in place. */
  readonly changed = new Set<DataId>();
  /** Why the function cannot be run again from what was written down. */
  refusal: string | undefined;
  /** The most bytes that were in use at once. */
  peak = 0;
  /** Tensors that were made. */
  private readonly own = new Set<DataId>();
  /** What it read that was computed from weights alone. */
  readonly derived = new Set<Kept>();

  called(kernel: number, args: readonly number[]): void {
    this.events.push({ kernel, args: [...args] });
  }

  wrote(address: number, values: Values): void {
    this.events.push({ address, values: values.slice() });
  }

  made({ origin, dtype }: Entry): void {
    this.own.add(origin);
    if (dtype === 'string') this.refuse('it makes strings');
  }

  /** So many bytes are in use. */
  uses(bytes: number): void {
    this.peak = Math.max(this.peak, bytes);
  }

  touched({ origin, data }: Entry): void {
    if (this.isDerived(origin)) return;
    if (!this.own.has(origin)) this.captured.set(origin, data.address);
  }

  reads(item: Kept, inputs: readonly (Entry | undefined)[]): void {
    this.derived.add(item);
    for (const input of inputs) if (input) this.touched(input);
  }

  private isDerived(dataId: DataId): boolean {
    for (const { outputs } of this.derived)
      if (outputs.some((output) => output.dataId === dataId)) return true;
    return false;
  }

  madeHere(dataId: DataId): boolean {
    return this.own.has(dataId);
  }

  get allMade(): Iterable<DataId> {
    return this.own;
  }

  refuse(reason: string): void {
    this.refusal ??= reason;
  }
}

/** Whether the same happened twice: the same kernels over the same addresses with the same attributes and values. */
export function sameEvents(a: readonly Event[], b: readonly Event[]): boolean {
  return a.length === b.length && a.every((event, i) => sameEvent(event, b[i]!));
}

function sameEvent(a: Event, b: Event): boolean {
  if ('kernel' in a) return 'kernel' in b && a.kernel === b.kernel && sameNumbers(a.args, b.args);
  return 'values' in b && a.address === b.address && sameNumbers(a.values, b.values);
}

const sameNumbers = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return false;
  }
  return true;
};
