import type { Writable } from 'node:stream';

/** A stream to print on; a terminal says so, and how wide it is. */
export type Terminal = Writable & { isTTY?: boolean; columns?: number };

/** The world as the program sees it: handed in, so that tests can stand in for it. */
export interface Io {
  stdout: Terminal;
  stderr: Terminal;
  env: Record<string, string | undefined>;
  cwd: string;
  now(): Date;
  /** Calls the listener at every Ctrl-C (SIGINT) or SIGTERM; returns what ends that. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** The real world: this process. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  return {
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    now: () => new Date(),
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
