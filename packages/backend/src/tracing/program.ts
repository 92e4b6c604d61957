import {
  type DataId,
  type DataType,
  engine,
  keep,
  type Tensor,
  type TensorInfo,
  Variable,
} from '@tensorflow/tfjs-core';
import { loopArgs } from '../kernels/strides';
import type { Tensors } from '../tensors';
import type { Event, Recorder } from './recorder';

/** A piece of the arena that is an input or an output of a program. */
export interface Slot {
  address: number;
  bytes: number;
  size: number;
  dtype: DataType;
}

/** What a function returns: a slot under a shape; two may share one. */
export interface Output {
  slot: number;
  shape: readonly number[];
}

export interface Recording {
  recorder: Recorder;
  inputs: readonly Slot[];
  slots: readonly Slot[];
  outputs: readonly Output[];
}

/** A tensor from outside that the calls refer to by its address. */
interface Captured {
  dataId: DataId;
  address: number;
  /** Who has it: a variable, which may get other data, or a tensor of ours, so that it stays as long as we read it. */
  holder: Variable | Tensor | undefined;
}

/** The kernel calls of a function, one behind the other, ready to be run again. */
export class Program {
  private readonly calls: Float64Array;
  private readonly constants: number[] = [];
  private readonly captured: Captured[];
  private readonly generation: number;
  private readonly address: number;

  constructor(
    private readonly tensors: Tensors,
    private readonly recording: Recording,
  ) {
    this.generation = tensors.arena.generation;
    this.calls = Float64Array.from(recording.recorder.events.flatMap((event) => this.call(event)));
    this.address = tensors.allocate(Math.max(this.calls.byteLength, 1), tensors.allocator);
    tensors.library.write(this.address, this.calls);
    const variables = new Map(
      Object.values(engine().registeredVariables).map((variable) => [variable.dataId, variable]),
    );
    this.captured = [...recording.recorder.captured].map(([dataId, address]) => ({
      dataId,
      address,
      holder: variables.get(dataId) ?? this.hold(dataId),
    }));
  }

  /** Whether everything that the calls refer to is still where it was. */
  get fits(): boolean {
    return (
      this.generation === this.tensors.arena.generation &&
      [...this.recording.recorder.derived].every(({ alive }) => alive) &&
      this.captured.every(
        ({ dataId, address, holder }) =>
          this.tensors.find(dataId)?.data.address === address &&
          holder?.dataId === dataId &&
          !holder.isDisposed,
      )
    );
  }

  run(inputs: readonly TensorInfo[]): TensorInfo[] {
    const { tensors, recording, address, calls } = this;
    const { library, arena } = tensors;
    for (const { dataId } of inputs) tensors.ready(dataId);
    arena.work(() => {
      for (const item of recording.recorder.derived) tensors.derived.refresh(item);
      recording.inputs.forEach((slot, i) => {
        library.move(tensors.address(inputs[i]!.dataId), slot.address, slot.bytes);
      });
      library.replay(address, calls);
      arena.allocator.notePeak(recording.recorder.peak);
    });
    for (const dataId of recording.recorder.changed) tensors.changes(dataId);
    const shared = recording.slots.map((_, slot) => recording.outputs.filter((o) => o.slot === slot).length);
    const dataIds = recording.slots.map((slot, i) => {
      const dataId = {};
      arena.lend(dataId, { ...slot, refCount: shared[i]! });
      return dataId;
    });
    return recording.outputs.map(({ slot, shape }) => ({
      dataId: dataIds[slot]!,
      shape: [...shape],
      dtype: recording.slots[slot]!.dtype,
    }));
  }

  dispose(): void {
    const { tensors } = this;
    for (const address of [this.address, ...this.constants]) tensors.allocator.release(address);
    for (const { holder } of this.captured) {
      if (!(holder instanceof Variable)) holder?.dispose();
    }
  }

  /** A tensor of our own over data from outside; undefined where the function freed it. */
  private hold(dataId: DataId): Tensor | undefined {
    const entry = this.tensors.find(dataId);
    if (!entry) return undefined;
    entry.refCount++;
    return keep(engine().makeTensorFromTensorInfo({ dataId, shape: [entry.size], dtype: entry.dtype }));
  }

  /** An event as numbers. What JavaScript wrote is kept, and copied from there. */
  private call(event: Event): number[] {
    if ('kernel' in event) return [event.kernel, event.args.length, ...event.args];
    const { library } = this.tensors;
    const { address, values } = event;
    const kept = this.tensors.allocate(values.byteLength, this.tensors.allocator);
    this.constants.push(kept);
    library.write(kept, values);
    const loop = loopArgs({ sizes: [values.length], strides: [[1], [1]] });
    const args = [kept, address, values.BYTES_PER_ELEMENT, ...loop];
    return [library.kernelNumber('stridedCopy'), args.length, ...args];
  }
}
