import { html, type Markup } from '../page/markup';
import type { RunReport } from './run-report';

/** How to get the same again, and the whole configuration. */
export function reproduce({ record, name, program }: RunReport): Markup {
  const { versions, gitCommit, machine, command, resumed, config } = record;
  const made = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
  return html`<h2>How to do it again</h2>
<pre tabindex="0">${command}
${resumed.map(({ command }) => `${command}\n`)}</pre>
<p>or, from this run alone: <code>${program} train --config ${name}/config.json</code></p>
<p class="soft">${made.join(', ')}${gitCommit && `; git ${gitCommit}`}; ${machine}</p>
<details><summary>Configuration</summary><pre tabindex="0">${JSON.stringify(config, null, 2)}</pre></details>`;
}
