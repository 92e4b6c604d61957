import { html, type Markup } from '../page/markup';
import { page } from '../page/page';
import { scatterChart } from '../page/scatter-chart';
import { formatDuration, formatPercent } from '../terminal/format';
import type { RankedRun } from './ranking';

/** A sweep in one file: its runs by rank, and the accuracy over every key that varies. */
export function sweepPage(name: string, runs: readonly RankedRun[]): string {
  const keys = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  const judged = runs.filter(({ validation }) => validation !== undefined);
  return page(
    `${name}: sweep`,
    html`<h1>${name}</h1>
<p class="soft">${judged.length} of ${runs.length} runs have figures. Ranked by validation: the test set has no say in a choice.</p>
<h2>Ranking</h2>
${ranked(runs, keys)}
<h2>Accuracy by key</h2>
${keys.map((key) => byKey(key, judged))}`,
  );
}

function ranked(runs: readonly RankedRun[], keys: readonly string[]): Markup {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Ranking"><table>
<thead><tr><th scope="col">run</th><th scope="col">best validation</th><th scope="col">time</th>${keys.map((key) => html`<th scope="col">${key}</th>`)}</tr></thead>
<tbody>${runs.map(
    ({ id, validation, seconds, settings }) => html`<tr><th scope="row">${id}</th>
<td>${validation === undefined ? '–' : formatPercent(validation, 2)}</td><td>${formatDuration(seconds)}</td>
${keys.map((key) => html`<td>${JSON.stringify(settings[key])}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function byKey(key: string, runs: readonly RankedRun[]): Markup {
  const plain = (value: unknown) => (typeof value === 'number' ? value : (JSON.stringify(value) ?? '–'));
  const dots = runs.map(({ id, settings, validation }) => ({
    x: plain(settings[key]),
    y: validation!,
    name: id,
  }));
  if (new Set(dots.map(({ x }) => x)).size < 2) return html``;
  return scatterChart({
    title: 'Validation accuracy',
    x: key,
    dots,
    format: (value) => formatPercent(value, 2),
    tick: (value) => formatPercent(value, 1),
  });
}
