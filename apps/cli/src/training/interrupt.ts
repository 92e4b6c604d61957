import { SignalAbort } from '@xcp/trainer/node';
import { UserError } from '../errors';
import type { Io } from '../io';
import type { Output } from '../terminal/output';

/**
 * Runs `work` with a signal that the first Ctrl-C raises, so that it can end its step and save; the second ends the
 * process at once.
 *
 * @param hint what to tell where the work gives up because of the signal
 * @throws UserError with the signal's exit code (130 for Ctrl-C) in that case.
 */
export async function interruptible<T>(
  io: Io,
  output: Output,
  hint: () => string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = io.onInterrupt((name) => {
    const reason = new SignalAbort(name);
    output.clear();
    if (signal.aborted) return io.exit(reason.exitCode);
    controller.abort(reason);
    output.say('Stopping (a step or a file under way is ended first); Ctrl-C again stops at once.');
  });
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted && (error === signal.reason || (error as Error)?.name === 'AbortError')) {
      throw new UserError(`Stopped. ${hint()}`, signal.reason.exitCode);
    }
    throw error;
  } finally {
    output.clear();
    stop();
  }
}
