import { engine, type Tensor } from '@tensorflow/tfjs-core';

type Scope = { name: string };

/** What we read of the engine's state; tfjs-core 4 keeps it public but undocumented. */
interface EngineState {
  activeTape: { saved?: Tensor[] }[] | null;
  scopeStack: Scope[];
}

const isGradientScope = (scope: Scope | undefined) => scope?.name === 'forward' || scope?.name === 'backward';

/**
 * Disposes of the tensors that TensorFlow.js saved for a gradient whose computation failed.
 *
 * `tf.grads` and its relatives keep saved tensors out of the reach of `tf.tidy` and dispose of them at their end, but
 * not when a kernel throws: without this, what a step that ran out of memory had saved would be held for ever, and
 * the smaller step after it would fail too.
 */
export class FailedTape {
  private failed: { tape: NonNullable<EngineState['activeTape']>; depth: number } | undefined;

  private get state(): EngineState {
    return engine().state as unknown as EngineState;
  }

  /** A kernel is about to throw: remembers the tape that is being recorded or replayed. */
  watch(): void {
    this.settle();
    const { activeTape, scopeStack } = this.state;
    if (!activeTape || this.failed) return;
    this.failed = { tape: activeTape, depth: scopeStack.findIndex(isGradientScope) };
    // Gradients are synchronous: when the stack has unwound, the computation is over.
    queueMicrotask(() => this.release());
  }

  /** Cleans up if the computation that failed is over by now; somebody inside it may have caught the error. */
  settle(): void {
    if (!this.failed) return;
    const { tape, depth } = this.failed;
    const { activeTape, scopeStack } = this.state;
    const running = activeTape === tape && depth >= 0 && isGradientScope(scopeStack[depth]);
    if (!running) this.release();
  }

  private release(): void {
    if (!this.failed) return;
    const { tape } = this.failed;
    this.failed = undefined;
    if (this.state.activeTape === tape) this.state.activeTape = null;
    for (const node of tape) {
      for (const tensor of node.saved ?? []) {
        if (!tensor.isDisposed) tensor.dispose();
      }
    }
  }
}
