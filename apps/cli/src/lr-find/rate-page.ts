import type { RangeTestResult } from '@xcp/trainer';
import { html } from '../page/markup';
import { page } from '../page/page';
import { formatRate } from '../terminal/format';
import { rangeChart } from './range-chart';

/** The curve of a range test with what it suggests, in one file. */
export function ratePage(name: string, result: RangeTestResult): string {
  const { suggestions } = result;
  const title = `${name}: learning-rate range test`;
  return page(
    title,
    html`<h1>${title}</h1>
${
  suggestions
    ? html`<ul class="notes">${[suggestions.steepest, suggestions.minimum].map(
        ({ learningRate, reason }) =>
          html`<li class="c3"><b>${formatRate(learningRate)}</b><p>${reason}</p></li>`,
      )}</ul>`
    : html`<p>The loss hardly fell: the curve suggests nothing.</p>`
}
<h2>Curve</h2>
${rangeChart(result)}`,
  );
}
