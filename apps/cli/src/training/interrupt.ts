import type { Io } from '../io';
import type { Output } from '../terminal/output';

/**
 * Runs `work` with a signal that the first Ctrl-C raises, so that it can end its step and save; the second ends the
 * process at once.
 */
export async function interruptible<T>(
  io: Io,
  output: Output,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = io.onInterrupt(() => {
    if (controller.signal.aborted) return io.exit(130);
    controller.abort();
    output.say('\nStopping after this step and saving a checkpoint; Ctrl-C again stops at once.');
  });
  try {
    return await work(controller.signal);
  } finally {
    stop();
  }
}
