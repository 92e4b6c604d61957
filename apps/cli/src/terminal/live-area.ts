import ansiEscapes from 'ansi-escapes';
import cliCursor from 'cli-cursor';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import type { Terminal } from '../io';

/** Lines of text for a terminal of so many columns and rows, none wider than the columns. */
export type LiveText = (columns: number, rows: number) => string;

/** The lines at the bottom of a terminal that are drawn over and over, while others scroll away above. */
export interface LiveArea {
  /** Shows a text from now on: at once, or where one was drawn a moment ago, a moment later. */
  update(text: LiveText): void;
  /** Prints a line above. */
  print(line: string): void;
  /** Takes the text away and gives the cursor back; the next update brings it again. */
  clear(): void;
}

/** Milliseconds between two drawings. */
const REDRAW_EVERY = 200;

export function createLiveArea(terminal: Terminal): LiveArea {
  // The cursor is hidden on this terminal rather than on stderr, which is where log-update hides it.
  const draw = createLogUpdate(terminal as unknown as NodeJS.WriteStream, { showCursor: true });
  let text: LiveText | undefined;
  let drawn = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const columns = () => terminal.columns || 80;

  const redraw = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!text) return;
    drawn = text(columns(), terminal.rows || 24);
    draw(drawn);
    drawnAt = performance.now();
  };
  const erase = () => {
    if (!drawn) return;
    // The cursor stands on the line below.
    terminal.write(ansiEscapes.eraseLines(rowsOf(drawn, columns()) + 1));
    draw.done();
    drawn = '';
  };
  const onResize = () => {
    erase();
    redraw();
  };

  return {
    update(next) {
      if (!text) {
        cliCursor.hide(terminal as NodeJS.WriteStream);
        terminal.on('resize', onResize);
      }
      text = next;
      const wait = drawnAt + REDRAW_EVERY - performance.now();
      if (wait <= 0) redraw();
      else timer ??= setTimeout(redraw, wait).unref();
    },
    print(line) {
      erase();
      terminal.write(`${line}\n`);
      redraw();
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      erase();
      if (!text) return;
      text = undefined;
      drawnAt = Number.NEGATIVE_INFINITY;
      terminal.off('resize', onResize);
      cliCursor.show(terminal as NodeJS.WriteStream);
    },
  };
}

/** Rows that a text takes: a terminal that was made narrower since has broken its lines. */
function rowsOf(text: string, columns: number): number {
  return text
    .split('\n')
    .reduce((rows, line) => rows + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
}
