/** Milliseconds of work after which the event loop gets a turn: often enough for Ctrl-C and a progress bar. */
export const PAUSE_EVERY = 100;

/** Lets timers, signals and streams have their turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    // A timer waits for a millisecond at least; browsers have nothing else.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
