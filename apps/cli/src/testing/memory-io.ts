import { PassThrough, Readable } from 'node:stream';
import type { EndingSignal } from '@xcp/trainer/node';
import type { Io, Terminal } from '../io';

/** A terminal, or a log, that remembers what was printed on it. */
export function memoryTerminal(
  onText: (text: string) => void = () => {},
  { isTTY = false, columns = 80, rows = 24 } = {},
): Terminal & { text(): string } {
  const chunks: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk) => {
    chunks.push(String(chunk));
    onText(String(chunk));
  });
  return Object.assign(stream, { isTTY, columns, rows, text: () => chunks.join('') });
}

type Interrupt = (signal?: EndingSignal) => void;

/** A world without a screen and without signals, but for those that a test gives. */
export function memoryIo(
  cwd: string,
  {
    onText = (_text: string, _interrupt: Interrupt) => {},
    isTTY = false,
    stdin = new Uint8Array() as Uint8Array,
    env = {} as Io['env'],
  } = {},
) {
  const listeners = new Set<(signal: EndingSignal) => void>();
  const exits: number[] = [];
  const interrupt = (signal: EndingSignal = 'SIGINT') => {
    for (const listener of [...listeners]) listener(signal);
  };
  const stdout = memoryTerminal((text) => onText(text, interrupt), { isTTY, columns: 60 });
  const stderr = memoryTerminal(undefined, { isTTY, columns: 60 });
  let seconds = 0;
  const io: Io = {
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    env,
    cwd,
    program: 'xcp',
    now: () => new Date(2026, 10, 24, 9, 0, seconds++),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exit: (code) => void exits.push(code),
  };
  return { io, stdout, stderr, exits, interrupt, listeners };
}
