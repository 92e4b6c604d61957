/** Steps that an engine takes to find its feet: it reserves memory, and ours records the step. */
const WARM_UP = 3;

/** Times the steps of a loop and tells it when enough is known. */
export interface Laps {
  /** Aborted when enough was timed, or when whoever waits gives up. */
  readonly signal: AbortSignal;
  /** To be called at the end of each step. */
  lap(): void;
  /** Steps per second, those at the beginning left out. */
  perSecond(): number;
  /** To be called when the loop has ended, however it ended. */
  end(): void;
}

/** @param seconds of steps after which enough is known; at least one step is timed */
export function createLaps(seconds: number, given: AbortSignal): Laps {
  const enough = new AbortController();
  const stop = () => enough.abort(given.reason);
  given.addEventListener('abort', stop);
  if (given.aborted) stop();
  let first = Number.NaN;
  let last = Number.NaN;
  let count = 0;
  return {
    signal: enough.signal,
    lap() {
      last = performance.now();
      count++;
      if (count === WARM_UP) first = last;
      if (count > WARM_UP && last - first > 1000 * seconds) stop();
    },
    perSecond: () => (1000 * (count - WARM_UP)) / (last - first),
    end: () => given.removeEventListener('abort', stop),
  };
}
