import { backend, type Tensor } from '@tensorflow/tfjs-core';
import { XcpBackend } from './backend';

export type Traced<I extends Tensor[], O> = ((...inputs: I) => O) & {
  /** Frees what was written down; the function can still be called. */
  dispose(): void;
};

/**
 * A function that does what `run` does, without JavaScript and TensorFlow.js between its kernels.
 *
 * The first calls run it, and write down which kernels it calls. When two calls in a row did the same, `run` is not
 * called any more: its kernels are run from what was written down, in one native call, over the same memory, with the
 * same results to the bit. It starts anew by itself when the shapes of the inputs change, or a variable that it uses
 * gets other data (`assign`); what changes variables in place (our optimizers and batch normalization) is part of it.
 *
 * So `run` may depend on its inputs and on variables alone, and all that it does must be kernels: what it prints or
 * counts, it does in the first calls only. A function that reads values, keeps tensors, or gives its kernels other
 * numbers each time (random ones, a learning rate) is run as it is, every time. Within a gradient, and on other
 * backends, it is run as it is too.
 *
 * @example
 * const predict = traced((images) => model.predict(images));
 * const logits = predict(images);
 */
export function traced<I extends Tensor[], O extends Tensor | Tensor[]>(
  run: (...inputs: I) => O,
): Traced<I, O> {
  let isList = false;
  const asList = (...inputs: Tensor[]): Tensor[] => {
    const result = run(...(inputs as I));
    isList = Array.isArray(result);
    return isList ? (result as Tensor[]) : [result as Tensor];
  };
  let on: XcpBackend | undefined;
  let trace: ReturnType<XcpBackend['trace']> | undefined;
  const dispose = () => {
    trace?.dispose();
    trace = undefined;
  };
  const call = (...inputs: I): O => {
    const current = backend();
    if (!(current instanceof XcpBackend)) return run(...inputs);
    if (current !== on) {
      dispose();
      on = current;
    }
    trace ??= current.trace(asList);
    const outputs = trace.call(inputs);
    return (isList ? outputs : outputs[0]) as O;
  };
  return Object.assign(call, { dispose });
}
