import type { Axis } from './axis';
import { html, type Markup } from './markup';

/** Whether it is shown at first, or when the reader asks for a logarithmic axis. */
export type PlotKind = 'linear' | 'log';

export interface PlotArea {
  /** What it shows, for those who cannot see it. */
  label: string;
  /** What the x axis counts. */
  unit: string;
  x: Axis;
  y: Axis;
  kind?: PlotKind;
  /** Paths in a square of 1000, y downwards; see {@link round}. */
  marks: readonly Markup[];
}

/**
 * The rectangle of a chart with its grid and the numbers beside it.
 *
 * The drawing is stretched to the page's width and the numbers are text beside it, so that they can be read on a phone.
 */
export function plotArea({ label, unit, x, y, kind = 'linear', marks }: PlotArea): Markup {
  return html`<div class="plot ${kind}" role="img" aria-label="${label}">
<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
${y.ticks.map(({ at }) => html`<path class="grid" d="M0 ${round(1 - at)}H1000"/>`)}
${marks}
</svg>
${y.ticks.map(({ at, label }) => html`<span class="y" style="bottom:${percent(at)}">${label}</span>`)}
${x.ticks.map(({ at, label }) => html`<span class="x" style="left:${percent(at)}">${label}</span>`)}
<span class="of">${unit}</span>
</div>`;
}

/** A share of the way, in thousandths. */
export const round = (share: number) => Number((1000 * share).toFixed(1));
const percent = (share: number) => `${Number((100 * share).toFixed(2))}%`;
