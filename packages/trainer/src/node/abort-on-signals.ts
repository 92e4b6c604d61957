import { constants } from 'node:os';

/** Signals by which a process is asked to end. */
export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The reason of an abort by a signal of the system. */
export class SignalAbort extends Error {
  override name = 'AbortError';

  constructor(readonly signal: EndingSignal) {
    super(`received ${signal}`);
  }

  /** What a shell reports for a process that such a signal ended: 128 and the signal's number. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

export interface SignalAborter {
  /** Aborted by the first signal, with a {@link SignalAbort} as its reason. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/**
 * An abort signal for {@link train} that Ctrl-C (SIGINT) and SIGTERM raise, so that a run ends its step and saves. A
 * second signal ends the process at once, as if nobody listened.
 *
 * @example
 * const { signal, dispose } = abortOnSignals();
 * const { stopped } = await train({ model, trainData, config, store, signal }).finally(dispose);
 * if (stopped === 'aborted') process.exitCode = signal.reason.exitCode;
 */
export function abortOnSignals(names: readonly EndingSignal[] = ['SIGINT', 'SIGTERM']): SignalAborter {
  const controller = new AbortController();
  const listeners = names.map((name) => [name, () => abort(name)] as const);
  const dispose = () => {
    for (const [name, listener] of listeners) process.off(name, listener);
  };
  const abort = (name: EndingSignal) => {
    dispose();
    controller.abort(new SignalAbort(name));
  };
  for (const [name, listener] of listeners) process.on(name, listener);
  return { signal: controller.signal, dispose };
}
