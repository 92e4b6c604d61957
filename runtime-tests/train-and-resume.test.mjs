import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// The programs run the built packages; `npm test` builds them first.
const built = existsSync(new URL('../apps/cli/dist/index.js', import.meta.url));
const { findRuntimes } = await import('./runtimes.mjs');
const { runtimes, missing } = findRuntimes();
for (const name of missing) console.log(`runtimes: ${name} is left out: not there`);

describe.skipIf(!built)('the built command line', async () => {
  const { trainAndResume } = built ? await import('./train-and-resume.mjs') : {};
  const outcomes = [];

  it.each(runtimes)(
    'trains, is killed, ended and resumed with the same bits in $name',
    async (runtime) => {
      const outcome = await trainAndResume(runtime, 'xcp-wasm', { XCP_ISA: 'simd128' });
      expect(outcome.exact).toBe(true);
      outcomes.push(outcome);
      expect(outcome).toEqual(outcomes[0]);
      expect(outcome.losses.at(-1)).toBeLessThan(outcome.losses[0]);
    },
    180_000,
  );
});
