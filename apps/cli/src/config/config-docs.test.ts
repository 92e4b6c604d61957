import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configMarkdown } from './config-markdown';
import { configJsonSchema } from './json-schema';

const written = (path: string) =>
  readFileSync(new URL(path, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
const stale = '`npm run config-docs` writes it anew';

it('docs/configuration.md is that of the schema', () => {
  expect(written('../../../../docs/configuration.md'), stale).toBe(configMarkdown());
});

it('schema/config.schema.json is that of the schema', () => {
  const text = written('../../schema/config.schema.json');
  expect(JSON.parse(text), stale).toEqual(configJsonSchema());
});

it('the page has a row for every key, with all that is known of it', () => {
  const rows = configMarkdown().split('\n');
  expect(rows).toContain('| `batchSize` | integer ≥ 1 | `128` | Images per training step. |');
  expect(rows.find((row) => row.startsWith('| `optimizer.name` '))).toMatch(
    /\| sgd, adam, adamw, rmsprop, muon \| `"sgd"` \|.*<br>sgd: Stochastic gradient descent/,
  );
  expect(rows.find((row) => row.startsWith('| `schedule.power` (polynomial)'))).toContain('| required |');
  for (const row of rows.filter((line) => line.startsWith('|'))) {
    expect(row.match(/(?<!\\)\|/g), row).toHaveLength(5);
  }
});
