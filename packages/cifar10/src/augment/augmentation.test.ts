import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, type BatchOptions, batches, type LabeledImages, softTargets } from '../index';

/** Noise in RGB, every image another one. */
function makeSet(length: number, height = 16, width = 18): LabeledImages {
  const images = new Uint8Array(length * height * width * 3).map((_, i) => ((i * 2654435761) >>> 11) % 256);
  return { images, labels: new Uint8Array(length).map((_, i) => i % 10), length, height, width, channels: 3 };
}

/** Values that are the bytes themselves. */
const asBytes: BatchOptions = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
const bytesOf = ({ images }: Batch) => Array.from(images, Math.round);
const only = (set: LabeledImages, options: BatchOptions) => [...batches(set, options)][0]!;

const amount = fc.double({ min: 0, max: 1.5, noNaN: true });
const anyAugmentation: fc.Arbitrary<BatchOptions> = fc.record(
  {
    flip: fc.constantFrom('random' as const, 'alternating' as const),
    crop: fc.record({ padding: fc.nat(5), mode: fc.constantFrom('zero' as const, 'reflect' as const) }),
    randAugment: fc.record({ operations: fc.nat(4), magnitude: fc.nat(30) }),
    colorJitter: fc.record(
      {
        brightness: amount,
        contrast: amount,
        saturation: amount,
        hue: fc.double({ min: 0, max: 0.5, noNaN: true }),
      },
      { requiredKeys: [] },
    ),
    cutout: fc.record({ size: fc.integer({ min: 1, max: 30 }) }),
    mixup: fc.record({ alpha: fc.double({ min: 0.01, max: 5, noNaN: true }) }),
    cutmix: fc.record({ alpha: fc.double({ min: 0.01, max: 5, noNaN: true }) }),
    size: fc.integer({ min: 1, max: 20 }),
    seed: fc.maxSafeNat(),
    shuffle: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('augmentation', () => {
  const set = makeSet(7);

  it('makes of (seed, epoch, index) the same image, whatever was made before and stands beside it', () => {
    fc.assert(
      fc.property(anyAugmentation, fc.nat(50), fc.nat(3), (options, epoch, startBatch) => {
        const all = [...batches(set, { ...options, epoch, batchSize: 2 })];
        const later = [...batches(set, { ...options, epoch, batchSize: 2, startBatch })];
        expect(later).toEqual(all.slice(startBatch));
        const whole = only(set, { ...options, epoch });
        expect(all.flatMap(({ images }) => [...images])).toEqual([...whole.images]);
        expect(all.flatMap(({ mixed }) => [...(mixed?.shares ?? [])])).toEqual([
          ...(whole.mixed?.shares ?? []),
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it('never leaves the range of bytes', () => {
    fc.assert(
      fc.property(anyAugmentation, fc.nat(50), ({ size: _, ...options }, epoch) => {
        const { images } = only(set, { ...options, ...asBytes, epoch });
        expect(images.every((value) => value >= -1e-4 && value <= 255.0001)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('covers a square with the mean, or with what is asked for', () => {
    const side = 5;
    for (const [fill, expected] of [
      [undefined, [51, 102, 153]],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ] as const) {
      const options: BatchOptions = { std: asBytes.std!, mean: [0.2, 0.4, 0.6] };
      const shift = [51, 102, 153];
      const plain = only(set, options).images;
      const cut = only(set, { ...options, cutout: { size: side, ...(fill && { fill }) } });
      const covered = new Array(7).fill(0);
      cut.images.forEach((value, i) => {
        if (value === plain[i]) return;
        expect(Math.round(value + shift[i % 3]!)).toBe(expected[i % 3]);
        if (i % 3 === 0) covered[Math.floor(i / (16 * 18 * 3))]++;
      });
      // Cut off at the edges, so no square is larger, and its middle always lies within.
      for (const count of covered) expect(count).toBeLessThanOrEqual(side * side);
      expect(Math.min(...covered)).toBeGreaterThanOrEqual(6);
    }
  });

  it('blends two images by their shares in a mixup', () => {
    const plain = only(set, {});
    const { images, mixed, labels } = only(set, { mixup: { alpha: 1 } });
    const length = 16 * 18 * 3;
    expect(new Set(mixed!.shares).size).toBe(7);
    for (let n = 0; n < 7; n++) {
      const [share, partner] = [mixed!.shares[n]!, set.labels.indexOf(mixed!.labels[n]!)];
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      for (let i = 0; i < length; i += 11) {
        const [own, other] = [plain.images[n * length + i]!, plain.images[partner * length + i]!];
        expect(images[n * length + i]).toBe(Math.fround(share * own + (1 - share) * other));
      }
    }
    expect(labels).toEqual(plain.labels);
  });

  it('puts a box of another image in by its share in a cutmix', () => {
    const plain = bytesOf(only(set, asBytes));
    const batch = only(set, { ...asBytes, cutmix: { alpha: 1 } });
    const bytes = bytesOf(batch);
    const pixels = 16 * 18;
    let covered = 0;
    for (let n = 0; n < 7; n++) {
      const partner = set.labels.indexOf(batch.mixed!.labels[n]!);
      let own = 0;
      for (let pixel = 0; pixel < pixels; pixel++) {
        const at = (image: number) =>
          plain.slice((image * pixels + pixel) * 3, (image * pixels + pixel) * 3 + 3);
        const now = bytes.slice((n * pixels + pixel) * 3, (n * pixels + pixel) * 3 + 3);
        if (now.join() === at(n).join()) own++;
        else expect(now).toEqual(at(partner));
      }
      if (partner !== n) expect(batch.mixed!.shares[n]).toBeCloseTo(own / pixels, 2);
      covered += pixels - own;
    }
    expect(covered).toBeGreaterThan(0);
  });

  it('draws shares of the mean and the variance of Beta(alpha, alpha)', () => {
    const many = makeSet(4000, 1, 1);
    for (const alpha of [0.2, 1, 4]) {
      const { shares } = only(many, { mixup: { alpha }, batchSize: 4000 }).mixed!;
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length;
      const expected = 1 / (4 * (2 * alpha + 1));
      // Five standard errors of either.
      expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(expected / 4000));
      expect(Math.abs(variance / expected - 1)).toBeLessThan(0.12);
    }
  });

  it('mixes with images of its own indices alone, and by both ways where both are given', () => {
    const many = makeSet(200, 8, 8);
    const indices = [...Array(200).keys()].filter((index) => many.labels[index]! < 3);
    const both = only(many, { ...asBytes, indices, mixup: { alpha: 1 }, cutmix: { alpha: 1 } });
    expect(Math.max(...both.mixed!.labels)).toBe(2);
    // A cutmix leaves bytes; a mixup leaves few.
    const length = 8 * 8 * 3;
    const isWhole = indices.map((_, n) =>
      both.images
        .subarray(n * length, (n + 1) * length)
        .every((value) => Math.abs(value - Math.round(value)) < 1e-3),
    );
    expect(new Set(isWhole).size).toBe(2);
  });

  it.each([
    [{ cutout: { size: 0 } }, '`cutout.size` must be an integer of at least 1, received 0'],
    [{ cutout: { size: 2, fill: [1] } }, '`cutout.fill` must hold a byte per channel (3), received [1]'],
    [
      { cutout: { size: 2, fill: [1, 2, 300] } },
      '`cutout.fill[2]` must be an integer from 0 to 255, received 300',
    ],
    [{ colorJitter: { hue: 0.6 } }, '`colorJitter.hue` must be from 0 to 0.5, received 0.6'],
    [{ colorJitter: { contrast: -1 } }, '`colorJitter.contrast` must be at least 0, received -1'],
    [{ colorJitter: { color: 1 } as never }, 'unknown option `color`'],
    [
      { randAugment: { magnitude: 31 } },
      '`randAugment.magnitude` must be an integer from 0 to 30, received 31',
    ],
    [
      { randAugment: { operations: 65 } },
      '`randAugment.operations` must be an integer from 0 to 64, received 65',
    ],
    [{ mixup: { alpha: 0 } }, '`mixup.alpha` must be positive, received 0'],
    [{ cutmix: { alpha: Number.NaN } }, '`cutmix.alpha` must be positive, received NaN'],
    [{ cutmix: { alfa: 1 } as never }, 'unknown option `alfa`; did you mean `alpha`?'],
  ])('rejects %j at once', (options, message) => {
    expect(() => batches(set, options)).toThrow(message);
  });

  it('needs three channels where colours change', () => {
    const grey = { ...makeSet(2), channels: 1, width: 18 * 3 };
    const options: BatchOptions = { mean: [0], std: [1], colorJitter: { hue: 0.1 } };
    expect(() => batches(grey, options)).toThrow('`colorJitter` needs images of 3 channels, received 1');
  });
});

describe('softTargets', () => {
  it('gives every label its share', () => {
    const labels = Int32Array.of(2, 0);
    expect(softTargets({ labels }, 3)).toEqual(Float32Array.of(0, 0, 1, 1, 0, 0));
    const mixed = { labels: Int32Array.of(1, 0), shares: Float32Array.of(0.75, 0.25) };
    expect(softTargets({ labels, mixed }, 3)).toEqual(Float32Array.of(0, 0.25, 0.75, 1, 0, 0));
  });

  it('rejects too few classes', () => {
    expect(() => softTargets({ labels: Int32Array.of(2) }, 2)).toThrow(
      'softTargets: `classes` must be an integer of at least 3, received 2',
    );
  });
});
