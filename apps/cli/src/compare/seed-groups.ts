import jStat from 'jstat';

/** Values of the same experiment with several seeds. */
export interface Sample {
  mean: number;
  /** Of the sample, with n − 1; NaN for one value. */
  standardDeviation: number;
  count: number;
}

export function sample(values: readonly number[]): Sample {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(squares / (count - 1)), count };
}

/** How far two samples are apart, and how likely chance alone would set them as far apart. */
export interface Significance {
  /** Mean of the second minus that of the first. */
  difference: number;
  /** Half the width of the 95 % confidence interval of the difference. */
  margin: number;
  /** Two-sided. */
  p: number;
}

/**
 * Welch's t-test for samples of unequal variance; `undefined` where one has fewer than two values, or both have no
 * spread.
 *
 * @see Welch, "The generalization of Student's problem when several different population variances are involved"
 */
export function welch(a: Sample, b: Sample): Significance | undefined {
  if (a.count < 2 || b.count < 2) return undefined;
  const [va, vb] = [a, b].map(({ standardDeviation, count }) => standardDeviation ** 2 / count) as [
    number,
    number,
  ];
  const error = Math.sqrt(va + vb);
  if (error === 0) return undefined;
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.count - 1) + vb ** 2 / (b.count - 1));
  const difference = b.mean - a.mean;
  return {
    difference,
    margin: error * jStat.studentt.inv(0.975, freedom),
    p: 2 * (1 - jStat.studentt.cdf(Math.abs(difference) / error, freedom)),
  };
}
