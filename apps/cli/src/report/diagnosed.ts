import type { Diagnosis } from '@xcp/trainer';
import { html, type Markup } from '../page/markup';
import type { RunReport } from './run-report';

const colours: Record<Diagnosis['severity'], number> = { good: 3, info: 1, warning: 2 };

/** What the curves say, in words. */
export function diagnosed({ diagnosis }: RunReport): Markup {
  if (diagnosis.length === 0) return html``;
  return html`<h2>What the curves say</h2>
<ul class="notes">${diagnosis.map(
    ({ severity, title, evidence, advice }) => html`<li class="c${colours[severity]}"><b>${title}</b>
<p>${evidence}</p>
${advice.length > 0 && html`<p class="soft">${advice.join(' ')}</p>`}</li>`,
  )}</ul>`;
}
