import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runConformance } from './testing/conformance/run';
import { testedBackends } from './testing/on-both';

interface KnownFailures {
  reason: string;
  tests: string[];
}

const known: KnownFailures[] = JSON.parse(
  readFileSync(new URL('./testing/conformance/known-failures.json', import.meta.url), 'utf8'),
);

describe('TensorFlow.js’s own tests for backends', () => {
  it.each(testedBackends)(
    '%s passes all but those that are listed with a reason',
    async (backend) => {
      const specs = await runConformance(backend);
      const named = (status: string) => specs.filter((spec) => spec.status === status);
      const failed = named('failed');
      console.log(
        `TensorFlow.js's tests on ${backend}: ${named('passed').length} passed, ${failed.length} failed, ` +
          `${named('pending').length} skipped by TensorFlow.js`,
      );
      const listed = new Set(known.flatMap(({ tests }) => tests));
      const unlisted = failed.filter(({ name }) => !listed.has(name));
      expect(unlisted, 'these fail and are not listed').toEqual([]);
      const failing = new Set(failed.map(({ name }) => name));
      const mended = [...listed].filter((name) => !failing.has(name));
      expect(mended, 'these are listed and do not fail').toEqual([]);
      // A bundle without the tests would fail none.
      expect(named('passed').length).toBeGreaterThan(4000);
    },
    300_000,
  );
});
