import type { RangeTestResult } from '@xcp/trainer';
import { type LineChart, lineChart } from '../page/line-chart';
import type { Markup } from '../page/markup';
import { formatLoss } from '../terminal/format';

/** The loss over the learning rate, which rises by equal ratios. */
export function rangeChart({ points }: RangeTestResult): Markup {
  const series: LineChart['series'] = [
    {
      name: 'of each batch',
      colour: 1,
      faint: true,
      points: points.map(({ learningRate, loss }) => ({ x: learningRate, y: loss })),
    },
    {
      name: 'loss, smoothed',
      colour: 1,
      points: points.map(({ learningRate, smoothedLoss }) => ({ x: learningRate, y: smoothedLoss })),
    },
  ];
  return lineChart({ title: 'Loss', x: 'learning rate', xLog: true, series, format: formatLoss });
}
