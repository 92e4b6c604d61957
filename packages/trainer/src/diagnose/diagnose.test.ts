import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnose';
import type { DiagnosedEpoch, DiagnosisKind } from './diagnosis';
import { quantile, trendOf } from './trend';

/** Standard normal numbers of a seed (mulberry32 and Box–Muller). */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

interface Truth {
  loss(epoch: number): number;
  accuracy(epoch: number): number;
  validationLoss(epoch: number): number;
  validationAccuracy(epoch: number): number;
}

/** Curves of a known truth under noise of a known size: a share of a loss, and an accuracy as it is. */
function curves(epochs: number, truth: Truth, noise = 0, seed = 1): DiagnosedEpoch[] {
  const next = normal(seed);
  return Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    loss: truth.loss(i + 1) * (1 + (noise / 2) * next()),
    accuracy: truth.accuracy(i + 1) + (noise / 4) * next(),
    validation: {
      loss: truth.validationLoss(i + 1) * (1 + noise * next()),
      accuracy: truth.validationAccuracy(i + 1) + (noise / 2) * next(),
    },
  }));
}

const kinds = (history: DiagnosedEpoch[], classes = 10) =>
  diagnose(history, { classes }).map(({ kind }) => kind);

/** The share of seeds for which a kind is among the diagnoses. */
function shareOf(kind: DiagnosisKind, epochs: number, truth: Truth, noise: number, seeds = 300): number {
  const hits = Array.from({ length: seeds }, (_, seed) => kinds(curves(epochs, truth, noise, seed + 1)));
  return hits.filter((found) => found.includes(kind)).length / seeds;
}

const decay = (from: number, to: number, epochs: number) => (epoch: number) =>
  to + (from - to) * Math.exp(-(epoch - 1) / epochs);

const falling: Truth = {
  loss: decay(2.1, 0.6, 12),
  accuracy: decay(0.25, 0.8, 12),
  validationLoss: decay(2, 0.7, 12),
  validationAccuracy: decay(0.3, 0.77, 12),
};
const flat: Truth = {
  loss: () => 0.9,
  accuracy: () => 0.7,
  validationLoss: () => 1,
  validationAccuracy: () => 0.67,
};
/** What the reference came to at 128 px: 84 % after 100 epochs, with a training loss of 0.005. */
const reference: Truth = {
  loss: decay(1.6, 0.005, 8),
  accuracy: decay(0.42, 0.999, 8),
  validationLoss: (epoch) => decay(1.4, 0.5, 5)(epoch) + 0.006 * epoch,
  validationAccuracy: decay(0.48, 0.84, 8),
};
const chance: Truth = {
  loss: () => Math.LN10,
  accuracy: () => 0.1,
  validationLoss: () => 2.304,
  validationAccuracy: () => 0.1,
};
const diverged: Truth = { ...falling, loss: (epoch) => (epoch < 10 ? 1.2 : 1.2 * 1.3 ** (epoch - 9)) };
const slow: Truth = {
  loss: (epoch) => 2.25 - 0.02 * epoch,
  accuracy: (epoch) => 0.15 + 0.005 * epoch,
  validationLoss: (epoch) => 2.24 - 0.02 * epoch,
  validationAccuracy: (epoch) => 0.16 + 0.005 * epoch,
};
const jumping: Truth = { ...falling, loss: (epoch) => falling.loss(epoch) * (epoch % 2 === 0 ? 1.3 : 0.8) };
const varied: Truth = { ...falling, accuracy: (epoch) => falling.validationAccuracy(epoch) - 0.08 };

describe('diagnose', () => {
  it.each<[string, Truth, number, DiagnosisKind[]]>([
    ['still falling', falling, 15, ['stillFalling']],
    ['at an end', flat, 30, ['plateaued']],
    ['the reference', reference, 100, ['overfitting']],
    ['guessing', chance, 8, ['chanceLevel']],
    ['diverging', diverged, 15, ['diverging']],
    ['too slow', slow, 15, ['rateTooLow', 'stillFalling']],
    ['too fast', jumping, 15, ['rateTooHigh', 'stillFalling']],
    ['varied images', varied, 15, ['stillFalling', 'validationAboveTraining']],
    ['too short', falling, 3, ['tooShort']],
  ])('knows a run that is %s', (_, truth, epochs, expected) => {
    expect(kinds(curves(epochs, truth))).toEqual(expected);
  });

  it.each<[DiagnosisKind, Truth, number]>([
    ['stillFalling', falling, 15],
    ['plateaued', flat, 40],
    ['overfitting', reference, 100],
    ['chanceLevel', chance, 8],
    ['diverging', diverged, 15],
    ['rateTooLow', slow, 20],
    ['rateTooHigh', jumping, 15],
    ['validationAboveTraining', varied, 15],
  ])('finds %s under noise of 1 % in 9 seeds of 10', (kind, truth, epochs) => {
    expect(shareOf(kind, epochs, truth, 0.01)).toBeGreaterThan(0.9);
  });

  it.each([0.005, 0.02, 0.1])(
    'sees no trend in flat curves under noise of %d, in 95 seeds of 100',
    (noise) => {
      for (const epochs of [5, 12, 40]) {
        expect(shareOf('stillFalling', epochs, flat, noise, 600), `${epochs} epochs`).toBeLessThan(0.05);
        expect(shareOf('overfitting', epochs, flat, noise), `${epochs} epochs`).toBeLessThan(0.05);
      }
    },
  );

  it.each<[DiagnosisKind, Truth[]]>([
    ['overfitting', [falling, flat, chance, slow, varied]],
    ['diverging', [falling, flat, reference, chance, slow]],
    ['chanceLevel', [falling, flat, reference, slow, diverged]],
    ['rateTooHigh', [falling, flat, reference, chance, slow]],
    ['rateTooLow', [falling, flat, reference, chance, diverged]],
    ['validationAboveTraining', [falling, flat, reference, chance]],
    ['plateaued', [falling, slow, diverged]],
  ])('does not find %s where it is not, under noise of 1 %', (kind, truths) => {
    for (const truth of truths) {
      expect(shareOf(kind, 24, truth, 0.01, 100), truth.loss.toString()).toBeLessThan(0.05);
    }
  });

  it('tells the slope with its standard error', () => {
    const [found] = diagnose(
      curves(21, { ...flat, validationLoss: (epoch) => 1.6 - 0.03 * epoch }, 0.02, 4),
      {
        classes: 10,
      },
    );
    const [, fall, error, epochs] =
      /^validation loss fell by (\S+) ± (\S+) per epoch over the last (\d+) epochs$/.exec(found!.evidence)!;
    expect(Number(epochs)).toBe(7);
    expect(Math.abs(Number(fall) - 0.03)).toBeLessThan(3 * Number(error));
    expect(found!.advice[0]).toContain('train longer');
  });

  it('tells of the reference what there is to do', () => {
    const [found] = diagnose(curves(100, reference), { classes: 10 });
    expect(found).toMatchObject({ severity: 'warning' });
    expect(found!.evidence).toMatch(
      /^training loss 0\.005\d* and accuracy 99\.9 % against 84\.0 % in validation: 15\.9 points, no longer widening; /,
    );
    const [, epoch] = /least at epoch (\d+) /.exec(found!.evidence)!;
    expect(found!.advice).toEqual([
      expect.stringContaining('vary the images'),
      expect.stringContaining('weight decay'),
      `stop at about epoch ${epoch}: \`earlyStopping\``,
    ]);
  });

  it('sees spikes within epochs where it is given the log', () => {
    const history = curves(15, falling);
    const log = Array.from({ length: 60 }, (_, i) => ({ step: (i + 1) * 10, loss: i % 20 === 19 ? 9 : 1 }));
    expect(diagnose(history, { classes: 10, log })[0]).toMatchObject({
      kind: 'rateTooHigh',
      evidence: 'the loss rose to three times what it was, at 3 points, step 200 first',
    });
    expect(kinds(history)).not.toContain('rateTooHigh');
  });

  it('says something or nothing of any figures, but never fails', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const loss = fc.double({ min: 0, max: 100, noNaN: true });
    const epoch = fc.record({
      loss,
      accuracy: share,
      validation: fc.option(fc.record({ loss, accuracy: share })),
    });
    fc.assert(
      fc.property(fc.array(epoch, { maxLength: 30 }), (epochs) => {
        const history = epochs.map((figures, i) => ({ epoch: i + 1, ...figures }));
        for (const { title, evidence, advice } of diagnose(history, { classes: 10 })) {
          expect(`${title} ${evidence} ${advice}`).not.toMatch(/NaN|Infinity|undefined/);
          expect(advice.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('refuses what cannot be', () => {
    expect(() => diagnose([], { classes: 1 })).toThrow(
      'diagnose: `classes` must be a whole number, at least 2',
    );
    expect(() => diagnose([], { classes: 10, clases: 2 } as never)).toThrow('did you mean `classes`?');
  });
});

describe('a trend', () => {
  it('has the slope and the error of a textbook', () => {
    // y = 1 + 2x with residuals (1, −1, −1, 1): error √(4 / 2 / 5).
    const points = [2, 2, 4, 8].map((y, i) => ({ x: i, y }));
    const { slope, standardError, level } = trendOf(points);
    expect([slope, standardError, level]).toEqual([2, expect.closeTo(Math.sqrt(0.4), 10), 4]);
    expect(() => trendOf(points.slice(0, 2))).toThrow('needs at least 3 points, received 2');
  });

  it.each([
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
  ])('is judged with %i degrees of freedom by %d', (freedom, expected) => {
    expect(Math.abs(quantile(freedom) / expected - 1)).toBeLessThan(0.01);
  });
});
