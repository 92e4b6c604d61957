import xterm from '@xterm/headless';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memoryTerminal } from '../testing/memory-io';
import { createLiveArea } from './live-area';

/** A live area on an emulated terminal, and what a person sees there. */
function emulated(columns = 60, rows = 12) {
  const emulator = new xterm.Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true });
  const chunks: string[] = [];
  const stream = memoryTerminal((text) => chunks.push(text), { isTTY: true, columns, rows });
  const area = createLiveArea(stream);
  const lines = async () => {
    await vi.advanceTimersByTimeAsync(0);
    const written = new Promise<void>((resolve) => emulator.write(chunks.splice(0).join(''), resolve));
    await vi.advanceTimersByTimeAsync(1);
    await written;
    const { active } = emulator.buffer;
    const all = Array.from({ length: active.length }, (_, i) => active.getLine(i)!.translateToString(true));
    return all.join('\n').trimEnd().split('\n');
  };
  const resize = async (cols: number) => {
    await lines();
    emulator.resize(cols, rows);
    stream.columns = cols;
    stream.emit('resize');
  };
  return { area, stream, lines, resize };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('draws in place, below what is printed', async () => {
  const { area, lines } = emulated();
  area.print('first');
  area.update(() => 'a\nb');
  area.print('second');
  vi.advanceTimersByTime(1000);
  area.update(() => 'c\nd\ne');
  area.print('third');
  expect(await lines()).toEqual(['first', 'second', 'third', 'c', 'd', 'e']);
  area.clear();
  expect(await lines()).toEqual(['first', 'second', 'third']);
  area.clear();
  area.print('fourth');
  expect(await lines()).toEqual(['first', 'second', 'third', 'fourth']);
});

it('draws at most five times a second, and the last text in the end', async () => {
  const { area, lines } = emulated();
  const draws = vi.fn((i: number) => `text ${i}`);
  for (let i = 0; i < 100; i++) {
    area.update(() => draws(i));
    vi.advanceTimersByTime(10);
  }
  expect(draws.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(draws.mock.calls.length).toBeLessThanOrEqual(6);
  vi.advanceTimersByTime(200);
  expect(await lines()).toEqual(['text 99']);
});

it('draws nothing any more once it was cleared', async () => {
  const { area, lines } = emulated();
  area.update(() => 'a');
  area.update(() => 'b');
  area.clear();
  vi.advanceTimersByTime(1000);
  expect(await lines()).toEqual(['']);
});

it('draws at once what follows on something that was cleared', async () => {
  const { area, lines } = emulated();
  area.update(() => 'a');
  area.clear();
  area.update(() => 'b');
  expect(await lines()).toEqual(['b']);
});

it('is whole again on a terminal that was made narrower or wider, and leaves nothing of the old lines', async () => {
  const { area, lines, resize } = emulated(60);
  area.print('said');
  area.update((columns) => `${'x'.repeat(columns)}\n${'y'.repeat(columns)}`);
  await resize(25);
  expect(await lines()).toEqual(['said', 'x'.repeat(25), 'y'.repeat(25)]);
  await resize(50);
  expect(await lines()).toEqual(['said', 'x'.repeat(50), 'y'.repeat(50)]);
  area.clear();
  expect(await lines()).toEqual(['said']);
});

it('hides the cursor on its own terminal while it draws, and shows it afterwards', () => {
  const { area, stream } = emulated();
  const [hidden, shown] = ['\u001b[?25l', '\u001b[?25h'];
  area.print('said');
  expect(stream.text()).not.toContain(hidden);
  area.update(() => 'a');
  expect(stream.text()).toContain(hidden);
  expect(stream.text()).not.toContain(shown);
  area.clear();
  expect(stream.text().lastIndexOf(shown)).toBeGreaterThan(stream.text().lastIndexOf(hidden));
  expect(stream.listenerCount('resize')).toBe(0);
});
