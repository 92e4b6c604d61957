import { html, type Markup } from '../page/markup';
import type { Finding, RunReport } from './run-report';

const colours: Record<Finding['severity'], number> = { good: 3, info: 1, warning: 2 };

/** What the curves say, in words. */
export function findings({ findings }: RunReport): Markup {
  if (findings.length === 0) return html``;
  return html`<h2>What the curves say</h2>
<ul class="notes">${findings.map(
    ({ severity, title, evidence, advice }) => html`<li class="c${colours[severity]}"><b>${title}</b>
<p>${evidence}</p>
${advice.length > 0 && html`<p class="soft">${advice.join(' ')}</p>`}</li>`,
  )}</ul>`;
}
