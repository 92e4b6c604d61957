/** When a transfer counts as dead, and when as too slow. */
export interface TransferLimits {
  /** Milliseconds without a byte after which a connection counts as dead. */
  readonly stallTimeout: number;
  /** Bytes per second below which a transfer is given up; 0 for one that may take as long as it likes. */
  readonly minSpeed: number;
  /** Milliseconds over which the speed is measured. */
  readonly slowTimeout: number;
}

/** Bytes arrive, but so slowly that another source is to be tried first. */
export class TooSlowError extends Error {}

/** A signal that fires when a transfer is dead or too slow, or when `signal` fires. */
export function watchTransfer(limits: TransferLimits, signal?: AbortSignal) {
  const { stallTimeout, minSpeed, slowTimeout } = limits;
  const controller = new AbortController();
  const startStall = () =>
    setTimeout(
      () => controller.abort(new Error(`nothing arrived for ${stallTimeout / 1000} s`)),
      stallTimeout,
    );
  let stall = startStall();
  let bytes = 0;
  const measure = () => {
    const seconds = slowTimeout / 1000;
    if (bytes < minSpeed * seconds) {
      const speed = `${(bytes / seconds / 1000).toFixed(1)} kB/s over ${seconds} s`;
      controller.abort(
        new TooSlowError(`gave only ${speed}, and must give at least ${minSpeed / 1000} kB/s`),
      );
    }
    bytes = 0;
  };
  const slow = minSpeed > 0 ? setInterval(measure, slowTimeout) : undefined;
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    /** Why the watch itself has fired. */
    reason: () => controller.signal.reason as Error | undefined,
    received(count: number) {
      bytes += count;
      clearTimeout(stall);
      stall = startStall();
    },
    end() {
      clearTimeout(stall);
      clearInterval(slow);
    },
  };
}
