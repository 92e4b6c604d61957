import cliProgress from 'cli-progress';
import type { Terminal } from '../io';

/** One line at the bottom of a terminal that is written over and over. */
export interface StatusBar {
  update(text: (columns: number) => string): void;
  /** Takes the line away, so that other lines can be printed; the next update brings it back. */
  clear(): void;
}

/** A status bar, or one that shows nothing where the stream is not a terminal. */
export function createStatusBar(terminal: Terminal): StatusBar {
  if (!terminal.isTTY) return { update() {}, clear() {} };
  let text: (columns: number) => string = () => '';
  let shown = false;
  const bar = new cliProgress.SingleBar({
    stream: terminal as NodeJS.WritableStream,
    format: () => text(terminal.columns ?? 80),
    clearOnComplete: true,
    hideCursor: true,
    fps: 5,
    // Ctrl-C is ours: it saves a checkpoint first.
    gracefulExit: false,
  });
  return {
    update(next) {
      text = next;
      if (!shown) bar.start(1, 0);
      shown = true;
      bar.update(0);
    },
    clear() {
      if (shown) bar.stop();
      shown = false;
    },
  };
}
