import { createColors } from 'picocolors';
import type { Io, Terminal } from '../io';

/** Where a command prints: text for people, and with `--json` documents for programs. */
export interface Output {
  /** Prints a line for people: on stdout, or on stderr where `--json` has stdout to itself. */
  say(text: string): void;
  /** With `--json`: prints a document on a line of its own on stdout. */
  emit(document: object): void;
  readonly json: boolean;
  readonly colors: ReturnType<typeof createColors>;
  /** The stream people look at. */
  readonly terminal: Terminal;
}

/** Colours follow https://no-color.org: none where NO_COLOR is set, nor where nobody looks at a terminal. */
const wantsColor = (terminal: Terminal, env: Io['env']) =>
  !env.NO_COLOR && env.TERM !== 'dumb' && (terminal.isTTY === true || Boolean(env.FORCE_COLOR));

export function createOutput(io: Io, json: boolean): Output {
  const terminal = json ? io.stderr : io.stdout;
  return {
    json,
    terminal,
    colors: createColors(wantsColor(terminal, io.env)),
    say: (text) => void terminal.write(`${text}\n`),
    emit: (document) => json && void io.stdout.write(`${JSON.stringify(document)}\n`),
  };
}
