import { describe, expect, it } from 'vitest';
import { batches, batchSource, decodeRecords } from '../index';

const set = decodeRecords(new Uint8Array(10 * 3073).map((_, i) => (i % 3073 === 0 ? 1 : i * 7)));

describe('batchSource', () => {
  it('counts the images and batches that an epoch gives', () => {
    const countsOf = ({ size, stepsPerEpoch }: { size: number; stepsPerEpoch: number }) => [
      size,
      stepsPerEpoch,
    ];
    expect(countsOf(batchSource(set, { batchSize: 4 }))).toEqual([10, 3]);
    expect(countsOf(batchSource(set, { batchSize: 4, dropLast: true }))).toEqual([8, 2]);
    expect(countsOf(batchSource(set, { indices: [1, 2, 3] }))).toEqual([3, 1]);
  });

  it('gives the batches of the epoch from the step on', () => {
    const options = { batchSize: 3, shuffle: true, seed: 5, flip: 'random' as const };
    const source = batchSource(set, options);
    expect([...source.batches(7, 2)]).toEqual([...batches(set, { ...options, epoch: 7, startBatch: 2 })]);
    expect([...source.batches(7, source.stepsPerEpoch)]).toEqual([]);
  });

  it('gives each of several ranks the images of its share, and all of them the whole between them', () => {
    const options = { batchSize: 4, shuffle: true, seed: 5, mixup: { alpha: 1 } };
    const size = 3;
    const ranks = [0, 1, 2].map((rank) => [
      ...batchSource(set, { ...options, share: { rank, size } }).batches(1, 0),
    ]);
    [...batchSource(set, options).batches(1, 0)].forEach((whole, step) => {
      expect(whole.made).toBeUndefined();
      const pixels = whole.images.length / whole.labels.length;
      let end = 0;
      for (const { images, labels, indices, shape, made, mixed } of ranks.map((batches) => batches[step]!)) {
        expect([labels, indices, shape]).toEqual([whole.labels, whole.indices, whole.shape]);
        expect(made!.begin).toBe(end);
        ({ end } = made!);
        const [from, to] = [made!.begin * pixels, end * pixels];
        expect(images.subarray(from, to)).toEqual(whole.images.subarray(from, to));
        expect(images.subarray(to).every((value) => value === 0)).toBe(true);
        const own = ({ labels, shares }: NonNullable<typeof mixed>) =>
          [labels, shares].map((values) => values.subarray(made!.begin, end));
        expect(own(mixed!)).toEqual(own(whole.mixed!));
      }
      expect(end).toBe(whole.labels.length);
    });
  });

  it.each([
    [{ rank: 2, size: 2 }, 'share.rank'],
    [{ rank: 0, size: 0 }, 'share.size'],
    [{ rank: 0, size: 1, host: 'a' }, 'host'],
  ])('refuses the share %j', (share, named) => {
    expect(() => batchSource(set, { share })).toThrow(named);
  });

  it('does not see later changes of the indices it was given', () => {
    const indices = [1, 2, 3];
    const source = batchSource(set, { indices });
    indices[0] = 9;
    expect([...source.batches(0, 0)][0]!.indices).toEqual(Uint32Array.of(1, 2, 3));
  });

  it('checks its options when it is made, and its arguments when it is asked', () => {
    expect(() => batchSource(set, { batchSize: 0 })).toThrow('batchSource: `batchSize` must be');
    expect(() => batchSource(set, { epoch: 1 } as never)).toThrow('batchSource: unknown option `epoch`');
    expect(() => batchSource(set).batches(-1, 0)).toThrow('`epoch` must be');
    expect(() => batchSource(set).batches(0, 2)).toThrow(
      '`startBatch` must be an integer from 0 to 1, received 2',
    );
  });
});
