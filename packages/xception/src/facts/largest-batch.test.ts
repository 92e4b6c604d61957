import fc from 'fast-check';
import { expect, it, describe as suite } from 'vitest';
import { describe, type LargestBatchOptions, largestBatch } from '../index';

const config = { inputShape: [71, 71, 3] as [number, number, number] };

suite('largestBatch', () => {
  it('is the batch that just fits, in training and in inference', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.constantFrom('training' as const, 'inference' as const),
        fc.integer({ min: 0, max: 2 }),
        fc.boolean(),
        (batch, mode, optimizerSlots, accumulate) => {
          const memory = (size: number) =>
            describe(config, { batch: size, optimizerSlots, accumulate }).memory[mode];
          const options = { mode, optimizerSlots, accumulate };
          expect(largestBatch(config, memory(batch), options)).toBe(batch);
          expect(largestBatch(config, memory(batch + 1) - 1, options)).toBe(batch);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is 0 where not even the weights fit, and smaller for larger images', () => {
    expect(largestBatch(config, 80e6)).toBe(0);
    const gibibyte = 2 ** 30;
    expect(largestBatch({ inputShape: [299, 299, 3] }, 4 * gibibyte)).toBeLessThan(
      largestBatch({ inputShape: [128, 128, 3] }, 4 * gibibyte),
    );
  });

  it.each([
    [0, {}, 'largestBatch: `bytes` must be a positive number, received 0'],
    [Number.NaN, {}, '`bytes` must be a positive number, received null'],
    [1e9, { mod: 'training' }, 'largestBatch: unknown key `mod`; did you mean `mode`?'],
    [1e9, { mode: 'train' }, "largestBatch: `mode` must be 'training' or 'inference', received \"train\""],
    [1e9, { optimizerSlots: 0.5 }, 'largestBatch: `optimizerSlots` must be a whole number of at least 0'],
  ])('rejects %d bytes with %j', (bytes, options, message) => {
    expect(() => largestBatch(config, bytes, options as LargestBatchOptions)).toThrow(message);
  });
});
