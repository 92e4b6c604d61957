import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';

const child = fileURLToPath(new URL('../kill/child.mjs', import.meta.url));

/** Whether util-linux's `script` is there, which runs a program on a terminal of its own. */
export const hasScript =
  process.platform === 'linux' && /util-linux/.test(String(spawnSync('script', ['--version']).stdout));

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

export interface Size {
  columns: number;
  rows: number;
}

/** A program on a terminal, as `onScreen` sees it after everything that it writes. */
export interface Seen {
  /** What a person sees. */
  screen: string[];
  /** The same with what scrolled away above. */
  all: string[];
  type(text: string): void;
  resize(size: Size): void;
  /** Asks the program to end, as the system does. */
  terminate(): void;
}

/**
 * Runs the built `xcp` on a terminal of its own, with the variables `env` besides.
 *
 * @returns what it left there, its exit code, all that it wrote, and whether the cursor can be seen
 */
export async function onTerminal(
  args: readonly string[],
  { columns, rows }: Size,
  cwd: string,
  { onScreen = () => {}, env = {} }: { onScreen?: (seen: Seen) => void; env?: Record<string, string> } = {},
) {
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  // The disk of child.mjs tells of its calls on descriptor 3.
  const program = [process.execPath, child, ...args].map(quote).join(' ');
  const command = `tty; echo pid $$; stty cols ${columns} rows ${rows}; exec ${program} 3>/dev/null`;
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const running = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd,
    env: { ...inherited, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
  let written = '';
  let drawing = Promise.resolve();
  const read = () => {
    const { active } = emulator.buffer;
    const line = (i: number) => active.getLine(i)?.translateToString(true) ?? '';
    const all = Array.from({ length: active.length }, (_, i) => line(i));
    return { all, screen: all.slice(active.baseY) };
  };
  const resize = (size: Size) => {
    const tty = /\/dev\/pts\/\d+/.exec(written)![0];
    emulator.resize(size.columns, size.rows);
    spawnSync('stty', ['-F', tty, 'cols', String(size.columns), 'rows', String(size.rows)]);
  };
  const terminate = () => void process.kill(Number(/pid (\d+)/.exec(written)![1]), 'SIGTERM');
  running.stdout.setEncoding('utf8');
  running.stdout.on('data', (text: string) => {
    written += text;
    drawing = drawing.then(async () => {
      await new Promise<void>((resolve) => emulator.write(text, resolve));
      onScreen({ ...read(), type: (keys) => void running.stdin.write(keys), resize, terminate });
    });
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    running.on('error', reject);
    running.on('close', resolve);
  });
  await drawing;
  const cursorShown = written.lastIndexOf('\u001b[?25h') >= written.lastIndexOf('\u001b[?25l');
  return { ...read(), code, written, cursorShown };
}
