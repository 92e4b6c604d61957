import { createColors } from 'picocolors';
import type { Io } from '../io';
import { createStatusBar } from './status-bar';

/** Where a command prints: text for people, and with `--json` documents for programs. */
export interface Output {
  /** Prints a line for people: on stdout, or on stderr where `--json` has stdout to itself. */
  say(text: string): void;
  /** With `--json`: prints a document on a line of its own on stdout. */
  emit(document: object): void;
  /** Shows what is under way on the last line of a terminal, until the next line is said; nothing elsewhere. */
  status(text: (columns: number) => string): void;
  /** Takes that line away. */
  clear(): void;
  readonly colors: ReturnType<typeof createColors>;
  /** Whether people look at a terminal, rather than at a log later on. */
  readonly isTerminal: boolean;
}

/** Colours follow https://no-color.org: none where NO_COLOR is set, nor where nobody looks at a terminal. */
const wantsColor = (isTerminal: boolean, env: Io['env']) =>
  !env.NO_COLOR && env.TERM !== 'dumb' && (isTerminal || Boolean(env.FORCE_COLOR));

export function createOutput(io: Io, json: boolean): Output {
  const terminal = json ? io.stderr : io.stdout;
  const isTerminal = terminal.isTTY === true;
  const bar = createStatusBar(terminal);
  return {
    isTerminal,
    colors: createColors(wantsColor(isTerminal, io.env)),
    say(text) {
      bar.clear();
      terminal.write(`${text}\n`);
    },
    emit(document) {
      if (json) io.stdout.write(`${JSON.stringify(document)}\n`);
    },
    status: bar.update,
    clear: bar.clear,
  };
}
