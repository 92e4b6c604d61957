import { type LineChart, lineChart } from '../page/line-chart';
import { html, type Markup } from '../page/markup';
import { page } from '../page/page';
import { abscissa, epochRows } from '../report/rows';
import { formatDuration, formatLoss, formatPercent } from '../terminal/format';
import type { ComparedRun } from './compared-run';
import type { Comparison } from './comparison';
import { against, letter, meanAndSpread } from './comparison-text';

/** The page's colours; further runs take them again. */
const COLOURS = 6;

/** Runs beside each other, in one file: their curves over each other, what they came to, and where they differ. */
export function comparisonPage(runs: readonly ComparedRun[], comparison: Comparison): string {
  const title = `${runs.length} runs compared`;
  return page(
    title,
    html`<h1>${title}</h1>
<h2>Results</h2>
${results(runs)}
${seeds(comparison)}
<h2>Curves</h2>
${curves(runs)}
<h2>Differences</h2>
${differences(comparison)}`,
  );
}

function results(runs: readonly ComparedRun[]): Markup {
  const share = (value: number | undefined) => (value === undefined ? '–' : formatPercent(value, 2));
  return table(
    'Results',
    ['', 'run', 'best validation', 'test', 'time', 'engine', 'seed'],
    runs.map(({ name, validation, result, seconds, record }, i) => [
      letter(i),
      name,
      share(validation),
      share(result?.test?.accuracy),
      formatDuration(seconds),
      record.engine.name,
      String(record.config.seed),
    ]),
  );
}

function seeds({ groups, metric, againstBest }: Comparison): Markup {
  return html`<h2>Over seeds</h2><ul>${groups.map(
    (group, i) =>
      html`<li>${metric} accuracy <b>${meanAndSpread(group)}</b>: ${group.runs.join(', ')}${
        i > 0 && html`<br><span class="soft">${against(againstBest[i - 1])}</span>`
      }</li>`,
  )}</ul>`;
}

function curves(runs: readonly ComparedRun[]): Markup {
  const unit = runs.every(({ rows }) => abscissa(rows).unit === 'epoch') ? 'epoch' : 'step';
  const chart = (
    title: string,
    of: (row: ReturnType<typeof epochRows>[number]) => number | undefined,
    look: Pick<LineChart, 'format' | 'tick' | 'log'>,
  ) =>
    lineChart({
      title,
      x: unit,
      ...look,
      series: runs.map(({ rows }, i) => ({
        name: letter(i),
        colour: 1 + (i % COLOURS),
        points: epochRows(rows).map((row) => ({
          x: unit === 'epoch' ? abscissa(rows).of(row) : row.step,
          y: of(row) ?? Number.NaN,
        })),
      })),
    });
  const percent = {
    format: (value: number) => formatPercent(value, 2),
    tick: (value: number) => formatPercent(value, 0),
  };
  return html`${chart('Validation accuracy', ({ validation }) => validation?.accuracy, percent)}
${chart('Validation loss', ({ validation }) => validation?.loss, { format: formatLoss, log: true })}
${chart('Training loss', ({ loss }) => loss, { format: formatLoss, log: true })}`;
}

function differences({ differences }: Comparison): Markup {
  if (differences.length === 0) return html`<p>Their configurations are the same.</p>`;
  return table(
    'Differences',
    ['key', ...differences[0]!.values.map((_, i) => letter(i))],
    differences.map(({ key, values }) => [key, ...values.map((value) => JSON.stringify(value) ?? '–')]),
  );
}

function table(label: string, head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table>
<thead><tr>${head.map((cell) => (cell === '' ? html`<td></td>` : html`<th scope="col">${cell}</th>`))}</tr></thead>
<tbody>${rows.map(
    ([first, ...cells]) =>
      html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
