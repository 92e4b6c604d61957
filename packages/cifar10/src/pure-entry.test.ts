import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Every module that `entry` reaches, with what each imports from elsewhere. */
function importsOf(entry: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(entry.href)) return seen;
  const source = readFileSync(fileURLToPath(entry), 'utf8');
  const imported = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1]!);
  seen.set(
    entry.href,
    imported.filter((name) => !name.startsWith('.')),
  );
  for (const name of imported.filter((name) => name.startsWith('.'))) {
    importsOf(new URL(`${name}.ts`, entry), seen);
  }
  return seen;
}

it('the entry for browsers reaches no module of Node and no package but one, of web streams', () => {
  const reached = importsOf(new URL('./browser.ts', import.meta.url));
  expect([...new Set([...reached.values()].flat())]).toEqual(['modern-tar']);
});

describe('the pure entry', () => {
  it('reaches no module of Node and no package', () => {
    const reached = importsOf(new URL('./index.ts', import.meta.url));
    expect(reached.size).toBeGreaterThan(10);
    expect([...reached.values()].flat()).toEqual([]);
  });
});
