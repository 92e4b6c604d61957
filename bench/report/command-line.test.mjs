import { expect, it } from 'vitest';
import { commandLine } from './command-line.mjs';

it('names what was asked for, and no file', () => {
  const args = ['--all', '--out', '/home/me/r.json', '--rounds', '2', '--write', 'docs/engine.md'];
  expect(commandLine(args)).toBe('pnpm bench --all --rounds 2');
  expect(commandLine([])).toBe('pnpm bench');
});
