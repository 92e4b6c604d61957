import { describe, expect, it } from 'vitest';
import type { LabeledImages } from '../labeled-images';
import { workerBatchSource } from '../workers/worker-batch-source';
import type { BatchSourceOptions } from './batch-options';
import { batchSource } from './batch-source';

const set: LabeledImages = {
  images: Uint8Array.from({ length: 10 * 8 * 8 * 3 }, (_, i) => (i * 37) % 251),
  labels: Uint8Array.from({ length: 10 }, (_, i) => i),
  length: 10,
  height: 8,
  width: 8,
  channels: 3,
};
const common: BatchSourceOptions = {
  batchSize: 4,
  shuffle: true,
  seed: 3,
  crop: { padding: 1, mode: 'reflect' },
  mixup: { alpha: 1 },
};
// Three steps an epoch: the second stretch ends within the second epoch.
const progressive = [
  { untilStep: 2, size: 4 },
  { untilStep: 4, size: 6 },
];
const sizes = [4, 4, 6, 6, 9, 9, 9, 9, 9];
/** That of a step, by the side of its images. */
const work = (side: number) => side ** 1.4;

/** Copies, since a source may write into the same memory. */
async function epochOf(
  source: Pick<ReturnType<typeof workerBatchSource>, 'batches'>,
  epoch: number,
  start = 0,
) {
  const batches = [];
  for await (const batch of source.batches(epoch, start)) {
    batches.push({ ...batch, images: batch.images.slice() });
  }
  return batches;
}

/** What a source of the size that is due gives. */
async function expected(epoch: number) {
  const batches = [];
  for (let step = 0; step < 3; step++) {
    const size = sizes[3 * epoch + step]!;
    const [batch] = await epochOf(batchSource(set, { ...common, size }), epoch, step);
    batches.push(size === 9 ? batch : { ...batch, resized: true });
  }
  return batches;
}

describe('progressive', () => {
  it.each([true, false])(
    'gives each step of a run images of the size that is due (reuse %s)',
    async (reuse) => {
      const source = batchSource(set, { ...common, size: 9, progressive, reuse });
      for (const epoch of [0, 1, 2]) {
        expect(await epochOf(source, epoch)).toEqual(await expected(epoch));
        expect(await epochOf(source, epoch, 2)).toEqual((await expected(epoch)).slice(2));
      }
    },
  );

  it('gives the same on other threads', async () => {
    const source = workerBatchSource(set, {
      ...common,
      size: 9,
      progressive,
      reuse: true,
      workers: 2,
      onWarning: (message) => {
        throw new Error(message);
      },
    });
    for (const epoch of [0, 1, 2]) expect(await epochOf(source, epoch)).toEqual(await expected(epoch));
    expect(source.workBefore!(5)).toBeCloseTo(2 * work(4) + 2 * work(6) + work(9));
    await source.close();
  });

  it('leaves images as they are afterwards where there is no `size`', async () => {
    const source = batchSource(set, { ...common, progressive: [{ untilStep: 1, size: 4 }] });
    const shapes = (await epochOf(source, 0)).map(({ shape, resized }) => [shape[1], resized]);
    expect(shapes).toEqual([
      [4, true],
      [8, undefined],
      [8, undefined],
    ]);
    expect(source.workBefore!(3)).toBeCloseTo(work(4) + 2 * work(8));
  });

  it('tells the work of steps only where they differ', () => {
    const { workBefore } = batchSource(set, { ...common, size: 9, progressive });
    const parts = [work(4), work(4), work(6), work(6), work(9)];
    for (const [i, part] of parts.entries()) expect(workBefore!(i + 1) - workBefore!(i)).toBeCloseTo(part);
    expect(workBefore!(0)).toBe(0);
    expect(batchSource(set, common).workBefore).toBeUndefined();
  });

  it.each<[unknown, RegExp]>([
    [{ untilStep: 1, size: 4 }, /`progressive` must be a list of { untilStep, size }/],
    [[{ untilStep: 4, size: 0 }], /`progressive\[0\]\.size` .* received 0/],
    [[...progressive].reverse(), /`progressive\[1\]\.untilStep` .* at least 4, received 2/],
    [[{ until: 4, size: 2 }], /`progressive\[0\]`.*until/],
  ])('refuses %j', (given, message) => {
    expect(() => batchSource(set, { ...common, progressive: given as never })).toThrow(message);
  });
});
