import { existsSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RankReport } from '../fixtures/rank-worker';
import { onRanks, ranksForTests, scratch } from '../fixtures/ranks';

ranksForTests();

let folder: string;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sgd = {
  optimizer: { name: 'sgd', momentum: 0.9 },
  schedule: { name: 'constant', learningRate: 0.05 },
} as const;
const config = { ...sgd, epochs: 2, logEverySteps: 1 };

function expectOneModel(ranks: RankReport[]) {
  for (const { weights, error, leaked } of ranks) {
    expect(error).toBeNull();
    expect(weights).toEqual(ranks[0]!.weights);
    expect(leaked).toBe(ranks[0]!.leaked);
  }
}

/** That a run came to the same as another one, but for the order in which floats are added. */
function expectSame(actual: RankReport, expected: RankReport, tolerance = 1e-5) {
  expect(actual.error).toBeNull();
  expect(actual.result!.step).toBe(expected.result!.step);
  actual.result!.history.forEach((epoch, i) => {
    const other = expected.result!.history[i]!;
    expect(Math.abs(epoch.loss - other.loss)).toBeLessThan(tolerance);
    expect(epoch.accuracy).toBe(other.accuracy);
    if (!other.validation) return;
    expect(Math.abs(epoch.validation!.loss - other.validation.loss)).toBeLessThan(tolerance);
    expect(epoch.validation!.accuracy).toBe(other.validation.accuracy);
  });
  for (const [name, values] of Object.entries(expected.values)) {
    values.forEach((value, i) => {
      expect(Math.abs(actual.values[name]![i]! - value), `${name}[${i}]`).toBeLessThan(tolerance);
    });
  }
}

describe('several ranks', () => {
  it.each([2, 4])(
    '%i come with synchronized batch norm to what one process comes to, an uneven rest included',
    async (size) => {
      // Batches of 4, 4 and 2: of the last one some ranks have nothing.
      const job = { config: { ...config, syncBatchNorm: true }, validation: true };
      const [one] = await onRanks(1, job);
      const ranks = await onRanks(size, job);
      expectOneModel(ranks);
      expectSame(ranks[0]!, one!);
      expect(ranks.map(({ result }) => result!.validation)).toEqual(
        ranks.map(() => ranks[0]!.result!.validation),
      );
      expect(ranks[0]!.result!.validation!.count).toBe(7);
    },
  );

  it.each([true, false])(
    'are given by data the images of their shares alone (synchronized batch norm: %s)',
    async (syncBatchNorm) => {
      const job = { config: { ...config, syncBatchNorm } };
      const whole = await onRanks(4, job);
      const shared = await onRanks(4, { ...job, shares: true });
      expectOneModel(shared);
      expect(shared[0]!.weights).toEqual(whole[0]!.weights);
      expect(shared[0]!.result!.history).toMatchObject([{ epoch: 1 }, { epoch: 2 }]);
    },
  );

  it('must be several to be given shares', async () => {
    const [alone] = await onRanks(1, { config, shares: true });
    expect(alone!.error!.message).toContain('a batch must hold all its images, received a share of it');
  });

  it('differ from one process where batch norm is left to each, and yet have one model', async () => {
    const job = { config, batchSize: 8, size: 16 };
    const [one] = await onRanks(1, job);
    const ranks = await onRanks(2, job);
    expectOneModel(ranks);
    expect(() => expectSame(ranks[0]!, one!)).toThrow();
  });

  it.each([
    ['clipped gradients', { clipNorm: 0.1 }],
    ['adam with decay and averages', { optimizer: { name: 'adamw', weightDecay: 0.1 }, ema: { decay: 0.9 } }],
    ['micro-batches', { microBatchSize: 1 }],
    ['label smoothing', { labelSmoothing: 0.1 }],
  ] as const)('sum what one process has: %s', async (_, more) => {
    const job = { config: { ...config, ...more }, model: 'noBatchNorm' } as const;
    const [one] = await onRanks(1, job);
    const ranks = await onRanks(3, job);
    expectOneModel(ranks);
    expectSame(ranks[0]!, one!);
  });

  it('draw other dropout masks', async () => {
    const job = { config, model: 'dropout', batchSize: 8, size: 16 } as const;
    const [one] = await onRanks(1, job);
    const ranks = await onRanks(2, job);
    expectOneModel(ranks);
    expect(ranks[0]!.weights).not.toEqual(one!.weights);
  });
});

describe('what is decided', () => {
  it('rank 0 alone calls back and writes', async () => {
    const [first, second] = await onRanks(2, { config, store: folder });
    expect(first!.events.filter((event) => event.startsWith('step ')).length).toBe(6);
    expect(first!.events).toContain('step-0000006');
    expect(second!.events).toEqual([]);
    expect(second!.result!.checkpoint).toBeNull();
  });

  it.each([0, 1])('a signal of rank %i stops all after the same step, which is saved', async (rank) => {
    const ranks = await onRanks(2, { config, store: folder, abort: { rank, step: 3 } });
    expectOneModel(ranks);
    for (const { result } of ranks) expect(result).toMatchObject({ stopped: 'aborted', step: 4 });
    expect(existsSync(`${folder}/step-0000004`)).toBe(true);
  });

  it('a callback of rank 0 ends the run of all, for its reason', async () => {
    const still = { ...config, epochs: 9, schedule: { name: 'constant', learningRate: 1e-9 } } as const;
    const ranks = await onRanks(2, { config: still, validation: true, patience: 1 });
    expectOneModel(ranks);
    for (const { result } of ranks) {
      expect(result!.stopped).toBe('early');
      expect(result!.epoch).toBeLessThan(9);
      expect(result!.reason).toBe(ranks[0]!.result!.reason);
    }
  });

  it('where one rank is short of memory, all take fewer images at a time', async () => {
    const job = { config, model: 'noBatchNorm', batchSize: 8, size: 16 } as const;
    const [one] = await onRanks(1, job);
    const ranks = await onRanks(2, { ...job, memory: { rank: 1, images: 2 } });
    expectOneModel(ranks);
    expectSame(ranks[0]!, one!);
    expect(ranks[0]!.events).toContain('memory for 2');
    for (const { microBatchSizes } of ranks) expect(microBatchSizes).toContain(2);
  });

  it('all go back together where the run diverges', async () => {
    const steep = { ...config, schedule: { name: 'constant', learningRate: 1e30 } } as const;
    const onDivergence = { rollback: 2, factor: 1e-31 };
    for (const store of [undefined, folder]) {
      const job = {
        config: { ...steep, onDivergence },
        model: 'noBatchNorm',
        ...(store && { store }),
      } as const;
      const ranks = await onRanks(2, job);
      expectOneModel(ranks);
      expect(ranks[0]!.events).toContain('back to 0');
      expect(ranks[0]!.result!.step).toBe(6);
    }
    const stopped = await onRanks(2, { config: steep, model: 'noBatchNorm' });
    expect(stopped.map(({ error }) => error!.name)).toEqual(['DivergenceError', 'DivergenceError']);
  });
});

describe('resume', () => {
  const whole = { config: { ...config, epochs: 3, syncBatchNorm: true }, validation: true };

  it('on as many ranks comes to the same bits', async () => {
    const uninterrupted = await onRanks(2, whole);
    await onRanks(2, { ...whole, store: folder, abort: { rank: 1, step: 4 } });
    const resumed = await onRanks(2, { ...whole, config: {}, resume: true, store: folder });
    expectOneModel(resumed);
    expect(resumed[0]!.weights).toEqual(uninterrupted[0]!.weights);
  });

  it.each([
    [2, 1],
    [1, 4],
  ])('from %i on %i ranks comes to the same but for rounding', async (before, after) => {
    const [one] = await onRanks(1, whole);
    await onRanks(before, { ...whole, store: folder, abort: { rank: 0, step: 4 } });
    const resumed = await onRanks(after, { ...whole, config: {}, resume: true, store: folder });
    expectOneModel(resumed);
    expectSame(resumed[0]!, one!);
  });
});

describe('faults', () => {
  it('ranks with other weights all stop', async () => {
    const job = { config: { ...config, checksumEverySteps: 2 }, corrupt: { rank: 1, step: 2 } };
    const ranks = await onRanks(2, job);
    for (const { error } of ranks) {
      expect(error!.name).toBe('RanksDifferError');
      expect(error!.message).toMatch(/^train: weights must be the same on all ranks, .* after step 4;/);
    }
  });

  it('checkpoints are compared, whatever the steps between comparisons', async () => {
    const job = { config: { ...config, checksumEverySteps: null }, corrupt: { rank: 1, step: 0 } };
    for (const { error } of await onRanks(2, { ...job, store: folder })) {
      expect(error!.message).toMatch(/after step 3;/);
    }
    expect((await onRanks(2, job)).map(({ error }) => error)).toEqual([null, null]);
  });

  it('ranks that are to train differently do not begin', async () => {
    const job = { config, differ: { rank: 1, config: { labelSmoothing: 0.1 } } };
    for (const { error } of await onRanks(2, job)) {
      expect(error!.message).toMatch(
        /^train: engine, model, data and configuration must be the same on all ranks/,
      );
    }
  });

  it('one that cannot begin tells why, and the others that it does', async () => {
    const ranks = await onRanks(2, { config, differ: { rank: 1, config: { labelSmoothing: 2 } } });
    expect(ranks[0]!.error).toEqual({
      name: 'PeerError',
      message: 'train: rank 1 could not begin, and tells why',
    });
    expect(ranks[1]!.error!.message).toMatch(/^train: `labelSmoothing` must be/);
  });

  it('one that fails in the midst does not leave the others waiting', async () => {
    const ranks = await onRanks(2, { config, fail: { rank: 1, step: 2 } });
    expect(ranks.map(({ error }) => error!.message)).toEqual(['ended by another rank', 'the disk is gone']);
  });

  it('batch norm that cannot be synchronized is refused', async () => {
    const job = { config: { ...config, syncBatchNorm: true }, model: 'tfjsBatchNorm' } as const;
    const [first] = await onRanks(2, job);
    expect(first!.error!.message).toMatch(
      /^train: `syncBatchNorm` needs the batch normalization of @xcp\/layers/,
    );
    expect((await onRanks(1, job))[0]!.error).toBeNull();
  });
});
