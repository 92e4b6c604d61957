/** One piece of work at a time that goes on beside the training. */
export interface BackgroundWrite<T> {
  /** Begins the work; what was begun before must have been collected. */
  begin(work: () => Promise<T>): void;
  /** What the work came to, once, if it has ended; throws its error. */
  collect(): T | null;
  /** Waits until the work has ended, whether well or not. */
  ended(): Promise<void>;
}

/** Work that is begun in one step of a run and collected in a later one, its error too. */
export function backgroundWrite<T>(): BackgroundWrite<T> {
  let underWay = Promise.resolve();
  let collected: () => T | null = () => null;
  return {
    begin(work) {
      underWay = work().then(
        (value) => {
          collected = () => value;
        },
        (error) => {
          collected = () => {
            throw error;
          };
        },
      );
    },
    collect() {
      const collect = collected;
      collected = () => null;
      return collect();
    },
    ended: () => underWay,
  };
}
