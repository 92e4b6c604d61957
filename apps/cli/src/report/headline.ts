import { html, type Markup } from '../page/markup';
import { published } from '../presets/published';
import { formatCount, formatDuration, formatPercent } from '../terminal/format';
import { epochRows, logRows } from './rows';
import type { RunReport } from './run-report';

interface Tile {
  term: string;
  value: string;
  note?: string;
}

/** What a run came to, at a glance. */
export function headline(report: RunReport): Markup {
  const { name, record } = report;
  return html`<header>
<h1>${name}</h1>
<p class="soft">${record.preset}, begun ${record.startedAt.slice(0, 16).replace('T', ' ')} UTC; ${state(report)}</p>
<dl class="tiles">${tiles(report).map(
    ({ term, value, note }) =>
      html`<div><dt>${term}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`,
  )}</dl>
${beside(record.preset)}
</header>`;
}

function state({ result, rows }: RunReport): string {
  if (!result) return rows.length > 0 ? 'not finished' : 'no figures yet';
  const ends = { completed: 'finished', maxSteps: 'ended at its limit of steps', early: 'ended early' };
  return `${ends[result.stopped]} ${result.finishedAt.slice(0, 16).replace('T', ' ')} UTC`;
}

function tiles({ record, rows, result }: RunReport): Tile[] {
  const epochs = epochRows(rows);
  const last = rows.at(-1);
  const judged = epochs.flatMap(({ epoch, validation, ema }) => [
    ...(validation ? [{ accuracy: validation.accuracy, note: `epoch ${epoch}` }] : []),
    ...(ema ? [{ accuracy: ema.accuracy, note: `epoch ${epoch}, averaged` }] : []),
  ]);
  const best = judged.sort((a, b) => b.accuracy - a.accuracy)[0];
  const seconds = result?.seconds ?? epochs.reduce((sum, row) => sum + row.seconds, 0);
  const speed = result?.imagesPerSecond ?? logRows(rows).at(-1)?.imagesPerSecond;
  const { engine, parameters, config } = record;
  const whole = epochs.filter(({ complete }) => complete).length;
  return [
    result?.test && {
      term: 'Test accuracy',
      value: formatPercent(result.test.accuracy, 2),
      note: `${formatCount(result.test.count)} images${result.test.mirror ? ', mirrored too' : ''}`,
    },
    result?.test === null && {
      term: 'Test accuracy',
      value: '–',
      note: 'left alone (evaluation.test is false)',
    },
    best && {
      term: 'Best validation',
      value: formatPercent(best.accuracy, 2),
      note: best.note,
    },
    { term: 'Training time', value: formatDuration(seconds) },
    {
      term: 'Progress',
      value: `${last?.step ?? 0} steps`,
      note: `of ${config.epochs === null ? formatCount(config.steps!) : `${config.epochs} epochs; ${whole} are done`}`,
    },
    speed ? { term: 'Speed', value: `${formatCount(speed)} img/s` } : undefined,
    { term: 'Engine', value: engine.name, note: engine.detail },
    { term: 'Parameters', value: formatCount(parameters) },
  ].filter((tile) => tile !== undefined && tile !== null && tile !== false);
}

/** What the reference is published to have reached with the same experiment. */
function beside(preset: string): Markup | undefined {
  const row = published.find((entry) => entry.preset === preset);
  return row && html`<p class="soft">The reference reached ${row.accuracy} in ${row.time} on its GPU.</p>`;
}
