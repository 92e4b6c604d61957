import { createColors } from 'picocolors';
import type { Io } from '../io';
import { launchedRanks } from '../ranks/join-ranks';
import { createLiveArea, type LiveText } from './live-area';

/** Where a command prints: text for people, and with `--json` documents for programs. */
export interface Output {
  /** Prints a line for people: on stdout, or on stderr where `--json` has stdout to itself. */
  say(text: string): void;
  /** With `--json`: prints a document on a line of its own on stdout. */
  emit(document: object): void;
  /** Shows what is under way in the last lines of a terminal, below what is said; nothing elsewhere. */
  status(text: LiveText): void;
  /** Takes those lines away. */
  clear(): void;
  readonly colors: ReturnType<typeof createColors>;
  /** Whether people look at a terminal that is drawn on, rather than at a log. */
  readonly isTerminal: boolean;
  /** Characters that a line may have: as many as the terminal has columns; in a log any number. */
  readonly columns: number;
}

/** Colours follow https://no-color.org; whether lines can be drawn over is a matter of the terminal alone. */
const wantsColor = (isTerminal: boolean, env: Io['env']) =>
  !env.NO_COLOR && (isTerminal || (env.TERM !== 'dumb' && Boolean(env.FORCE_COLOR)));

/** An output that shows nothing, of a process that another one speaks for. */
export function silent(output: Output): Output {
  const nothing = () => {};
  return {
    ...output,
    isTerminal: false,
    columns: output.columns,
    say: nothing,
    emit: nothing,
    status: nothing,
    clear: nothing,
  };
}

export function createOutput(io: Io, json: boolean): Output {
  const terminal = json ? io.stderr : io.stdout;
  // mpirun gives its processes a terminal of its own making, and passes on what they print to wherever it prints.
  const isTerminal = terminal.isTTY === true && io.env.TERM !== 'dumb' && launchedRanks(io.env) === 1;
  const live = isTerminal ? createLiveArea(terminal) : undefined;
  return {
    isTerminal,
    get columns() {
      return terminal.isTTY ? terminal.columns || 80 : Number.POSITIVE_INFINITY;
    },
    colors: createColors(wantsColor(isTerminal, io.env)),
    say(text) {
      if (live) live.print(text);
      else terminal.write(`${text}\n`);
    },
    emit(document) {
      if (json) io.stdout.write(`${JSON.stringify(document)}\n`);
    },
    status: (text) => live?.update(text),
    clear: () => live?.clear(),
  };
}
