import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFlipped } from '../augment/flip';
import { shiftOf, shiftRange } from '../augment/shift';
import { type BatchOptions, batches, type LabeledImages } from '../index';

/** Images whose every byte is another function of its place. */
function makeSet(length: number, height = 4, width = 5, channels = 3): LabeledImages {
  const images = new Uint8Array(length * height * width * channels).map(
    (_, i) => 1 + ((i * 97 + (i >> 4)) % 255),
  );
  return { images, labels: new Uint8Array(length).map((_, i) => i % 10), length, height, width, channels };
}

/** One output value by the definition: pad, cut out, mirror, normalize. */
function naiveValue(
  set: LabeledImages,
  options: BatchOptions,
  index: number,
  y: number,
  x: number,
  c: number,
) {
  const {
    seed = 0,
    epoch = 0,
    flip,
    mean = [0.4914, 0.4822, 0.4465],
    std = [0.247, 0.2435, 0.2616],
  } = options;
  const range = shiftRange('test', options, set);
  const [down, right] = shiftOf(range, seed, epoch, index);
  const reflect = (i: number, size: number) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i);
  let row = y + down;
  let column = (isFlipped(flip, seed, epoch, index) ? set.width - 1 - x : x) + right;
  if (range?.mode === 'reflect') [row, column] = [reflect(row, set.height), reflect(column, set.width)];
  const isInside = row >= 0 && row < set.height && column >= 0 && column < set.width;
  const byte = isInside
    ? set.images[((index * set.height + row) * set.width + column) * set.channels + c]!
    : 0;
  return (byte / 255 - mean[c]!) / std[c]!;
}

function expectNaive(set: LabeledImages, options: BatchOptions) {
  for (const { images, indices, shape, labels } of batches(set, options)) {
    expect(shape).toEqual([indices.length, set.height, set.width, set.channels]);
    let at = 0;
    indices.forEach((index, n) => {
      expect(labels[n]).toBe(set.labels[index]);
      for (let y = 0; y < set.height; y++)
        for (let x = 0; x < set.width; x++)
          for (let c = 0; c < set.channels; c++) {
            expect(images[at++]).toBe(Math.fround(naiveValue(set, options, index, y, x, c)));
          }
    });
    expect(images.length).toBe(at);
  }
}

const anyFill = fc.constantFrom('zero' as const, 'reflect' as const);

const anyAugmentation = fc
  .record(
    {
      flip: fc.constantFrom('random' as const, 'alternating' as const),
      move: fc.oneof(
        fc.record({ crop: fc.record({ padding: fc.nat(3), mode: anyFill }) }),
        // Farther than the image is wide: then nothing of it is left.
        fc.record({
          translate: fc.record({
            horizontal: fc.nat(8),
            vertical: fc.nat(8),
            mode: fc.constant('zero' as const),
          }),
        }),
        fc.record({ translate: fc.record({ horizontal: fc.nat(4), vertical: fc.nat(3), mode: anyFill }) }),
      ),
      seed: fc.maxSafeNat(),
      epoch: fc.nat(100),
      shuffle: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 7 }),
    },
    { requiredKeys: [] },
  )
  .map(({ move, ...options }): BatchOptions => ({ ...options, ...move }));

describe('batches', () => {
  it('agrees with naive loops under every augmentation', () => {
    const set = makeSet(6);
    fc.assert(
      fc.property(anyAugmentation, (options) => expectNaive(set, options)),
      { numRuns: 40 },
    );
  });

  it('takes images of one channel, with a mean and deviation of their own', () => {
    const options: BatchOptions = {
      mean: [0.5],
      std: [0.25],
      flip: 'random',
      crop: { padding: 2, mode: 'zero' },
    };
    expectNaive(makeSet(4, 5, 3, 1), options);
  });

  it('gives from any batch on what an uninterrupted run gives', () => {
    const set = makeSet(11);
    fc.assert(
      fc.property(anyAugmentation, fc.boolean(), fc.nat(), (options, dropLast, start) => {
        const all = [...batches(set, { ...options, dropLast })];
        const startBatch = start % (all.length + 1);
        expect([...batches(set, { ...options, dropLast, startBatch })]).toEqual(all.slice(startBatch));
      }),
    );
  });

  it('augments an image by its index alone, whatever stands beside it', () => {
    const set = makeSet(8);
    const options: BatchOptions = {
      seed: 3,
      epoch: 5,
      flip: 'random',
      crop: { padding: 3, mode: 'reflect' },
    };
    const [alone] = batches(set, { ...options, indices: [6] });
    const [together] = batches(set, options);
    expect(alone!.images).toEqual(together!.images.slice(6 * 60, 7 * 60));
  });

  it('gives every index once per epoch, in another order each epoch, as the seed says', () => {
    const set = makeSet(50, 1, 1);
    const indices = Array.from({ length: 30 }, (_, i) => i + 20);
    const orderOf = (options: BatchOptions) =>
      [...batches(set, { indices, batchSize: 7, shuffle: true, ...options })].flatMap((batch) => [
        ...batch.indices,
      ]);
    expect(orderOf({}).sort((a, b) => a - b)).toEqual(indices);
    expect(orderOf({ shuffle: false })).toEqual(indices);
    expect(orderOf({ epoch: 1 })).toEqual(orderOf({ epoch: 1 }));
    expect(orderOf({ epoch: 1 })).not.toEqual(orderOf({ epoch: 0 }));
    expect(orderOf({ seed: 1 })).not.toEqual(orderOf({ seed: 0 }));
  });

  it('keeps or drops the last batch', () => {
    const sizes = (options: BatchOptions) =>
      [...batches(makeSet(10, 1, 1), options)].map(({ labels }) => labels.length);
    expect(sizes({ batchSize: 4 })).toEqual([4, 4, 2]);
    expect(sizes({ batchSize: 4, dropLast: true })).toEqual([4, 4]);
    expect(sizes({ batchSize: 11, dropLast: true })).toEqual([]);
    expect(sizes({ batchSize: 5, startBatch: 2 })).toEqual([]);
    expect(sizes({ indices: [] })).toEqual([]);
  });

  it('shows both sides of every image in any two epochs when the flip alternates', () => {
    const set = makeSet(64, 1, 2, 1);
    const flipsOf = (epoch: number) => {
      const [plain] = batches(set, { mean: [0], std: [1] });
      const [flipped] = batches(set, { mean: [0], std: [1], flip: 'alternating', epoch });
      return [...flipped!.indices].map((n) => flipped!.images[2 * n] !== plain!.images[2 * n]);
    };
    expect(flipsOf(1)).toEqual(flipsOf(0).map((isFlipped) => !isFlipped));
    expect(flipsOf(2)).toEqual(flipsOf(0));
    expect(new Set(flipsOf(0)).size).toBe(2);
  });

  it('resizes after it has augmented', () => {
    const set = makeSet(3, 2, 2);
    const options: BatchOptions = { flip: 'random', crop: { padding: 1, mode: 'zero' }, epoch: 2 };
    const [small] = batches(set, options);
    const [large] = batches(set, { ...options, size: 4 });
    expect(large!.shape).toEqual([3, 4, 4, 3]);
    for (let n = 0; n < 3; n++) {
      // The corners of a doubled image are the corners of the image itself.
      expect(large!.images[n * 48]).toBe(small!.images[n * 12]);
      expect(large!.images[n * 48 + 47]).toBe(small!.images[n * 12 + 11]);
    }
  });

  it('shares no memory between batches, nor with the set', () => {
    const set = makeSet(4);
    const before = set.images.slice();
    const iterable = batches(set, { batchSize: 2, size: 3 });
    const [first, second] = [...iterable];
    const kept = second!.images.slice();
    first!.images.fill(0);
    first!.indices.fill(0);
    first!.labels.fill(0);
    expect(second!.images).toEqual(kept);
    expect(set.images).toEqual(before);
    expect([...iterable][0]!.indices).toEqual(Uint32Array.of(0, 1));
  });

  it('writes every batch into the same memory where `reuse` says so, to the same values', () => {
    const set = makeSet(7);
    const options: BatchOptions = { batchSize: 3, shuffle: true, flip: 'random', size: 6 };
    const fresh = [...batches(set, options)];
    const memories = new Set<ArrayBufferLike>();
    const kept = [...batches(set, { ...options, reuse: true })].map(({ images }) => images);
    let batch = 0;
    for (const reused of batches(set, { ...options, reuse: true })) {
      expect(reused).toEqual(fresh[batch++]);
      memories.add(reused.images.buffer);
    }
    expect(memories.size).toBe(1);
    // The memory of one pass is not that of another.
    expect(new Set([...memories, ...kept.map(({ buffer }) => buffer)]).size).toBe(2);
  });

  it('can be awaited batch by batch', async () => {
    const set = makeSet(7);
    const awaited = [];
    for await (const batch of batches(set, { batchSize: 3 })) awaited.push(batch);
    expect(awaited).toEqual([...batches(set, { batchSize: 3 })]);
  });

  it.each([
    ['crop', { vertical: 2, horizontal: 2 }, { crop: { padding: 2, mode: 'reflect' as const } }],
    [
      'translate',
      { vertical: 0, horizontal: 3 },
      { translate: { vertical: 0, horizontal: 3, mode: 'zero' as const } },
    ],
  ])('moves images by %s to every place in its range', (_, { vertical, horizontal }, options) => {
    const range = shiftRange('test', options, makeSet(1));
    const places = new Set<string>();
    for (let index = 0; index < 500; index++) places.add(shiftOf(range, 0, 0, index).join());
    expect(places.size).toBe((2 * vertical + 1) * (2 * horizontal + 1));
    for (const place of places) {
      const [down, right] = place.split(',').map(Number);
      expect(Math.abs(down!)).toBeLessThanOrEqual(vertical);
      expect(Math.abs(right!)).toBeLessThanOrEqual(horizontal);
    }
  });

  it.each([
    [{ batchSize: 0 }, 'batches: `batchSize` must be an integer of at least 1, received 0'],
    [{ batchSize: 2.5 }, 'received 2.5'],
    [{ seed: -1 }, '`seed` must be'],
    [{ epoch: 2 ** 32 }, '`epoch` must be an integer from 0 to 4294967295, received 4294967296'],
    [{ batchSize: 4, startBatch: 3 }, '`startBatch` must be an integer from 0 to 2, received 3'],
    [{ indices: [0, 8] }, '`indices[1]` must be an integer from 0 to 7, received 8'],
    [{ mean: [0.5] }, '`mean` must hold a finite number per channel (3), received [0.5]'],
    [{ std: [1, 0, 1] }, '`std` must hold a positive number per channel (3), received [1, 0, 1]'],
    [{ flip: 'always' as never }, "`flip` must be 'random' or 'alternating' or undefined, received always"],
    [
      { crop: { padding: 4, mode: 'reflect' as const } },
      '`crop.padding` must be an integer from 0 to 3, received 4',
    ],
    [
      { crop: { padding: 1, mode: 'edge' as never } },
      "`crop.mode` must be 'zero' or 'reflect', received edge",
    ],
    [{ crop: { paddings: 1 } as never }, 'unknown option `paddings`; did you mean `padding`?'],
    [
      { translate: { horizontal: 5, vertical: 0, mode: 'reflect' as const } },
      '`translate.horizontal` must be an integer from 0 to 4, received 5',
    ],
    [
      {
        crop: { padding: 1, mode: 'zero' as const },
        translate: { horizontal: 1, vertical: 1, mode: 'zero' as const },
      },
      'give either `crop` or `translate`, received both',
    ],
    [{ reuse: 1 as never }, '`reuse` must be true or false, received 1'],
    [{ size: 0 }, '`size` must be an integer of at least 1, received 0'],
    [{ shuffle: 1 as never }, '`shuffle` must be true or false, received 1'],
    [{ dropLast: 1 as never }, '`dropLast` must be true or false, received 1'],
    [{ batchsize: 4 } as never, 'unknown option `batchsize`; did you mean `batchSize`?'],
  ])('rejects %j at once', (options, message) => {
    expect(() => batches(makeSet(8), options)).toThrow(message);
  });

  it('rejects a set whose arrays do not fit its shape', () => {
    expect(() => batches({ ...makeSet(2), height: 3 })).toThrow(
      '`images` must hold 2×3×5×3 = 90 bytes, received 120',
    );
  });
});
