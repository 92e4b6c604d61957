import { learningRateRangeTest, plotCurve, type RangeTestResult } from '@xcp/trainer';
import type { RunConfig } from '../config/run-config';
import { formatLoss, formatRate } from '../terminal/format';
import type { Output } from '../terminal/output';
import type { Prepared } from '../training/prepare';
import { trainConfig } from '../training/train-config';
import { whiten } from '../training/whiten';

export interface FindRateOptions {
  min: number;
  max: number;
  steps: number;
}

/** Runs the learning-rate range test of a configuration, shows how far it is, and tells what it found. */
export async function findRate(
  { model, data }: Prepared,
  config: RunConfig,
  { min, max, steps }: FindRateOptions,
  output: Output,
  signal: AbortSignal,
): Promise<RangeTestResult> {
  whiten(model, config, data);
  const { optimizer, labelSmoothing } = trainConfig(config);
  try {
    return await learningRateRangeTest({
      model,
      trainData: data.train,
      ...(optimizer && { optimizer }),
      ...(labelSmoothing !== undefined && { labelSmoothing }),
      minLearningRate: min,
      maxLearningRate: max,
      steps,
      signal,
      onStep: ({ step, learningRate, smoothedLoss }) =>
        output.status((columns) =>
          `step ${step}/${steps}  lr ${formatRate(learningRate)}  loss ${formatLoss(smoothedLoss)}`.slice(
            0,
            columns,
          ),
        ),
    });
  } finally {
    output.clear();
  }
}

/** The curve of a range test and what it suggests, as lines for a terminal. */
export function rangeTestLines({ points, stopped, suggestions }: RangeTestResult, columns: number): string[] {
  if (points.length < 2) return ['The loss was not finite from the first steps on: lower --min.'];
  const last = points.at(-1)!.learningRate;
  const curve = plotCurve(
    points.map(({ smoothedLoss }) => smoothedLoss),
    `learning rate ${formatRate(points[0]!.learningRate)} to ${formatRate(last)}, logarithmic`,
    { width: Math.max(20, Math.min(columns, 100)), height: 10 },
  );
  const end = stopped === 'diverged' ? [`The loss diverged above ${formatRate(last)}.`] : [];
  if (!suggestions) return [curve, ...end, 'The loss hardly fell: the curve suggests nothing.'];
  const { steepest, minimum } = suggestions;
  return [
    curve,
    ...end,
    `steepest  ${formatRate(steepest.learningRate)}: ${steepest.reason}`,
    `minimum   ${formatRate(minimum.learningRate)}: ${minimum.reason}`,
  ];
}
