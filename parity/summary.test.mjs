import { describe, expect, it } from 'vitest';
import { errorsOf, summarize } from './summary.mjs';

const values = Float32Array.from({ length: 8 }, (_, i) => i - 3);
const result = (changed) => ({
  loss: 2,
  gradients: { 'a/kernel': summarize('a/kernel', changed ?? values) },
});

describe('errorsOf', () => {
  it('is 0 for the same', () => {
    expect(errorsOf(result(), result())).toEqual({ loss: 0, gradients: 0, gradientsSamples: 0 });
  });

  it('sees one element that differs, though it is no sample, and two that changed places', () => {
    const one = values.slice();
    one[1] += 0.1;
    expect(errorsOf(result(one), result()).gradients).toBeGreaterThan(1e-3);
    const swapped = values.slice();
    [swapped[0], swapped[1]] = [values[1], values[0]];
    expect(errorsOf(result(swapped), result()).gradients).toBeGreaterThan(1e-3);
  });

  it('lets no NaN pass', () => {
    expect(errorsOf({ ...result(), loss: Number.NaN }, result()).loss).toBeNaN();
    const broken = values.slice();
    broken[1] = Number.NaN;
    expect(errorsOf(result(broken), result()).gradients).toBeNaN();
  });

  it('names weights that one of the two has not, or of another size', () => {
    expect(() => errorsOf({ ...result(), gradients: {} }, result())).toThrow('alone has a/kernel [8]');
    expect(() => errorsOf(result(values.slice(1)), result())).toThrow('a/kernel [7], a/kernel [8]');
  });
});
