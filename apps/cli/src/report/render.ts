import { html, type Markup } from '../page/markup';
import { page } from '../page/page';
import { classes } from './classes';
import { curves } from './curves';
import { diagnosed } from './diagnosed';
import { headline } from './headline';
import { mistakes } from './mistakes';
import { reproduce } from './reproduce';
import type { RunReport } from './run-report';
import { speed } from './speed';

const sections: readonly ((report: RunReport) => Markup)[] = [
  headline,
  diagnosed,
  curves,
  classes,
  mistakes,
  speed,
  reproduce,
];

/** `report.html`: one file that needs no network; `script` runs with it. */
export function renderReport(report: RunReport, script = ''): string {
  return page(`${report.name}: xcp`, html`${sections.map((section) => section(report))}`, script);
}
