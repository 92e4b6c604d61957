import type { Readable, Writable } from 'node:stream';
import type { EndingSignal } from '@xcp/trainer/node';
import { programName } from './runtime/program-name';
import { thisRuntime } from './runtime/this-runtime';

/** A stream to print on; a terminal says so, and how large it is. */
export type Terminal = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/** The world as the program sees it: handed in, so that tests can stand in for it. */
export interface Io {
  stdin: Readable;
  stdout: Terminal;
  stderr: Terminal;
  env: Record<string, string | undefined>;
  cwd: string;
  /** What the user types to start this program. */
  program: string;
  now(): Date;
  /** Calls the listener at every Ctrl-C, and when the terminal or the system asks to end; returns what ends that. */
  onInterrupt(listener: (signal: EndingSignal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** The real world: this process. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  // A run does not end because nobody reads what it says any more: `| head`, a terminal that was closed.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  return {
    // Opened only where somebody reads it.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    program: programName(process.argv[1] ?? 'xcp', process.cwd(), thisRuntime().name),
    now: () => new Date(),
    onInterrupt(listener) {
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
