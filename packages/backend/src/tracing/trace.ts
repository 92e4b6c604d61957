import { engine, type Tensor, type TensorInfo, tidy } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import type { Tensors } from '../tensors';
import { Program, type Recording, type Slot } from './program';
import { Recorder, sameEvents } from './recorder';

/** A function of tensors. */
export type TensorFunction = (...inputs: Tensor[]) => Tensor[];

/** How often a function is watched before it is left as it is. */
const MAX_ATTEMPTS = 6;
/** How many kinds of inputs (shapes and dtypes) a function has a program for. */
const MAX_SIGNATURES = 4;

/** What is known of a function for one kind of inputs. */
interface Knowledge {
  attempts: number;
  previous?: Recording;
  program?: Program;
}

const signatureOf = (inputs: readonly Tensor[]): string =>
  inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join();

/**
 * Runs a function, and writes down the kernels that it calls. As soon as two calls in a row did exactly the same, over
 * the same addresses with the same numbers, it is no longer called: the kernels are run from what was written down,
 * in one native call.
 */
export class Trace {
  private readonly known = new Map<string, Knowledge>();

  constructor(
    private readonly backend: XcpBackend,
    private readonly tensors: Tensors,
    private readonly run: TensorFunction,
  ) {}

  call(inputs: Tensor[]): Tensor[] {
    // A gradient needs the function's own ops; within another traced function this one is a part of it.
    const here = inputs.every(({ dataId }) => this.tensors.find(dataId));
    if (engine().isTapeOn() || this.tensors.recording || !here) return this.run(...inputs);
    const knowledge = this.knowledgeOf(inputs);
    if (knowledge.program?.fits) {
      knowledge.attempts = 0;
      return knowledge.program.run(inputs).map((info) => this.tensor(info));
    }
    if (knowledge.program) this.forget();
    if (knowledge.attempts === MAX_ATTEMPTS) return this.run(...inputs);
    return this.watch(inputs, knowledge);
  }

  /** Frees the programs; the function can still be called. */
  dispose(): void {
    this.forget();
    this.known.clear();
  }

  /** Frees the programs, as when the variables that they refer to are gone. */
  private forget(): void {
    for (const knowledge of this.known.values()) {
      knowledge.program?.dispose();
      knowledge.program = undefined;
      knowledge.previous = undefined;
    }
  }

  private knowledgeOf(inputs: readonly Tensor[]): Knowledge {
    const signature = signatureOf(inputs);
    const known = this.known.get(signature);
    if (known) return known;
    const knowledge: Knowledge = { attempts: this.known.size < MAX_SIGNATURES ? 0 : MAX_ATTEMPTS };
    if (knowledge.attempts === 0) this.known.set(signature, knowledge);
    return knowledge;
  }

  private watch(inputs: Tensor[], knowledge: Knowledge): Tensor[] {
    const { tensors } = this;
    knowledge.attempts++;
    for (const { dataId } of inputs) tensors.ready(dataId);
    const { outputs, recording } = tensors.arena.work(() => this.record(inputs));
    const { previous } = knowledge;
    knowledge.previous = recording;
    if (recording && previous && same(previous, recording)) {
      knowledge.previous = undefined;
      knowledge.program = new Program(tensors, recording);
    }
    return outputs;
  }

  /** Calls the function on copies of its inputs in the arena, and moves its outputs out of there. */
  private record(inputs: Tensor[]): { outputs: Tensor[]; recording: Recording | undefined } {
    const { tensors, backend } = this;
    const { arena, library } = tensors;
    // What an error left behind may not have been freed yet.
    tensors.settle();
    if (arena.allocator.bytesInUse > 0) return { outputs: this.run(...inputs), recording: undefined };
    const recorder = new Recorder();
    let copies: Tensor[] = [];
    let outputs: Tensor[] = [];
    try {
      tensors.record(recorder, () => {
        copies = inputs.map(({ shape, dtype }) => this.tensor(backend.output(shape, dtype)));
        copies.forEach((copy, i) => {
          const { address, bytes } = tensors.get(copy.dataId).data;
          library.move(tensors.get(inputs[i]!.dataId).data.address, address, bytes);
        });
        outputs = tidy(() => this.run(...copies));
        for (const { dataId } of outputs) tensors.ready(dataId);
      });
      const inputSlots = copies.map(({ dataId }) => slotOf(tensors, dataId));
      const dataIds = [...new Set(outputs.map(({ dataId }) => dataId))];
      const slots = dataIds.map((dataId) => slotOf(tensors, dataId));
      const described = outputs.map(({ dataId, shape }) => ({ slot: dataIds.indexOf(dataId), shape }));
      if (!dataIds.every((dataId) => recorder.madeHere(dataId))) {
        recorder.refuse('it returns a tensor that it did not make');
      }
      freeInputs(copies, outputs);
      const left = [...recorder.allMade].filter((dataId) => tensors.find(dataId));
      if (left.some((dataId) => !dataIds.includes(dataId))) recorder.refuse('it keeps tensors that it made');
      for (const dataId of left) tensors.evacuate(tensors.ready(dataId).data);
      const recording = { recorder, inputs: inputSlots, slots, outputs: described };
      return { outputs, recording: recorder.refusal === undefined ? recording : undefined };
    } catch (error) {
      freeInputs(copies, []);
      throw error;
    }
  }

  private tensor(info: TensorInfo): Tensor {
    return engine().makeTensorFromTensorInfo(info, this.backend);
  }
}

/** Whether two calls did the same, and took and gave the same memory. */
function same(a: Recording, b: Recording): boolean {
  const slots = ({ inputs, slots, outputs }: Recording) => JSON.stringify([inputs, slots, outputs]);
  return sameEvents(a.recorder.events, b.recorder.events) && slots(a) === slots(b);
}

function slotOf(tensors: Tensors, dataId: object): Slot {
  const { data, size, dtype } = tensors.get(dataId);
  return { address: data.address, bytes: data.bytes, size, dtype };
}

/** Disposes of the copies that are not returned. */
function freeInputs(copies: readonly Tensor[], outputs: readonly Tensor[]): void {
  for (const copy of copies) {
    if (!outputs.includes(copy) && !copy.isDisposed) copy.dispose();
  }
}
