import { html, type Markup } from '../page/markup';
import { formatPercent } from '../terminal/format';
import type { RunReport } from './run-report';

/** The test images that the network was surest of and wrong about, and where it looked. */
export function mistakes({ mistakes }: RunReport): Markup {
  if (mistakes.length === 0) return html``;
  return html`<h2>Worst mistakes</h2>
<p class="soft">Test images that it was surest of and wrong about; beside each, what spoke for the wrong answer (Grad-CAM).</p>
<ul class="mistakes">${mistakes.map(
    ({ index, label, prediction, probability, image, heat }) => html`<li>
<img src="${image}" alt="test image ${index}, ${label}"> <img src="${heat}" alt="where it saw ${prediction}">
<p><b>${label}</b> taken for <b>${prediction}</b>, ${formatPercent(probability)}<br><span class="soft">test image ${index}</span></p></li>`,
  )}</ul>`;
}
