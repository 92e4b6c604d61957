// What a fixture holds of a result, and how far another result is from it: the same as oracles/summary.py.
import { fillUniform } from './formula.mjs';

const SAMPLES = 2;

/** Norm, projection on numbers by formula (which every element enters), a few elements, and the size. */
export function summarize(name, values) {
  const probe = fillUniform(new Float64Array(values.length), `${name}/probe`, -1, 1);
  let squares = 0;
  let projection = 0;
  for (let i = 0; i < values.length; i++) {
    squares += values[i] * values[i];
    projection += values[i] * probe[i];
  }
  const samples = Array.from(
    { length: SAMPLES },
    (_, i) => values[Math.floor(((2 * i + 1) * values.length) / (2 * SAMPLES))],
  );
  return [Math.sqrt(squares), projection, ...samples, values.length];
}

/** The error of norm and projection, by what each is for numbers of that norm. */
function wholeError(actual, expected) {
  const norm = expected[0];
  return largest([
    Math.abs(actual[0] - norm) / norm,
    Math.abs(actual[1] - expected[1]) / (norm / Math.sqrt(3)),
  ]);
}

/** The errors of single elements, by their root mean square. */
function sampleErrors(actual, expected) {
  const typical = expected[0] / Math.sqrt(expected.at(-1));
  return Array.from({ length: SAMPLES }, (_, i) => Math.abs(actual[2 + i] - expected[2 + i]) / typical);
}

/** The largest difference, by the largest magnitude. */
export function relativeError(actual, expected) {
  const [a, e] = [[actual].flat(2), [expected].flat(2)];
  if (a.length !== e.length) return Number.POSITIVE_INFINITY;
  return largest(e.map((value, i) => Math.abs(a[i] - value))) / largest(e.map(Math.abs));
}

/**
 * Of every quantity of a result the largest relative error; of single elements the root mean square.
 *
 * @throws if one of the two has a weight that the other has not, or one of another size.
 */
export function errorsOf(actual, expected) {
  const errors = {};
  for (const [quantity, value] of Object.entries(expected)) {
    if (typeof value === 'number' || Array.isArray(value)) {
      errors[quantity] = relativeError(actual[quantity], value);
      continue;
    }
    const pairs = pairsOf(actual[quantity], value);
    const samples = pairs.flatMap(([a, e]) => sampleErrors(a, e));
    errors[quantity] = largest(pairs.map(([a, e]) => wholeError(a, e)));
    errors[`${quantity}Samples`] = Math.sqrt(samples.reduce((sum, e) => sum + e * e, 0) / samples.length);
  }
  return errors;
}

function pairsOf(actual, expected) {
  const weights = (summaries) => Object.entries(summaries).map(([name, s]) => `${name} [${s.at(-1)}]`);
  const [ours, theirs] = [weights(actual), weights(expected)];
  const odd = [...ours.filter((w) => !theirs.includes(w)), ...theirs.filter((w) => !ours.includes(w))];
  if (odd.length > 0)
    throw new Error(`parity: both must have the same weights, one alone has ${odd.join(', ')}`);
  return Object.keys(expected).map((name) => [actual[name], expected[name]]);
}

/** A NaN is larger than any number, or it would pass every comparison unseen. */
const largest = (numbers) => {
  const values = [...numbers];
  return values.some(Number.isNaN) ? Number.NaN : Math.max(...values);
};
