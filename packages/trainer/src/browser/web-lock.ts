interface Locks {
  request(
    name: string,
    options: { ifAvailable: true },
    hold: (lock: object | null) => Promise<void>,
  ): Promise<void>;
}

/** The Web Locks of a browser, on pages that came over https or from this machine. */
export function webLocks(): Locks | undefined {
  return (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
}

/** Takes a lock that tabs and workers of one origin share; gives its release, or null where another one has it. */
export function takeWebLock(locks: Locks, name: string): Promise<(() => Promise<void>) | null> {
  return new Promise((resolve, reject) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return Promise.resolve();
      }
      return new Promise<void>((end) => {
        resolve(() => {
          end();
          return held;
        });
      });
    });
    held.catch(reject);
  });
}
