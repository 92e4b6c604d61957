import { describe, expect, it } from 'vitest';
import { suggestRates } from './suggest-rates';

/** A curve of smoothed losses whose rates rise tenfold in every 5 steps from 1e-4. */
const curve = (losses: number[]) =>
  losses.map((smoothedLoss, i) => ({
    step: i + 1,
    learningRate: 1e-4 * 10 ** (i / 5),
    loss: smoothedLoss,
    smoothedLoss,
  }));

describe('suggestRates', () => {
  it('finds the steepest fall before the minimum, and a tenth of the minimum', () => {
    const points = curve([2.3, 2.3, 2.29, 2.25, 2.1, 1.7, 1.4, 1.3, 1.25, 1.24, 1.3, 2, 6]);
    expect(suggestRates(points)).toEqual({
      steepest: {
        learningRate: points[4]!.learningRate,
        reason:
          'the smoothed loss falls fastest at 0.000631, on its way from 2.3 at 0.000158 to 1.24 at 0.00631',
      },
      minimum: {
        learningRate: points[9]!.learningRate / 10,
        reason: 'a tenth of the rate at which the smoothed loss is least, 1.24 at 0.00631',
      },
    });
  });

  it('does not trust the first tenth, whose means are of few losses', () => {
    const losses = [9, 5, ...Array.from({ length: 18 }, (_, i) => 2 - 0.05 * i - (i > 9 ? 0.2 : 0))];
    const points = curve(losses);
    expect(suggestRates(points)!.steepest.learningRate).toBe(points[11]!.learningRate);
  });

  it('looks for the fall at the ends too', () => {
    const points = curve([3, 2.9, 2.8, 1]);
    expect(suggestRates(points)!.steepest.learningRate).toBe(points[2]!.learningRate);
  });

  it.each([[[]], [[1, 0.5]], [[1, 1.1, 1.2, 1.5]], [[1, 0.999, 0.998, 1.5]]])(
    'says nothing where the loss does not fall: %j',
    (losses) => {
      expect(suggestRates(curve(losses))).toBeNull();
    },
  );
});
