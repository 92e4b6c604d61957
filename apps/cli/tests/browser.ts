import { spawnSync } from 'node:child_process';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export type { Browser, BrowserContext, Page };

const named = process.env.XCP_CHROMIUM ?? 'chromium';
const found = spawnSync('which', [named], { encoding: 'utf8' });

/** A Chromium of this machine, if there is one: `XCP_CHROMIUM` or the one on the PATH. */
export const chromiumPath: string | undefined = found.status === 0 ? found.stdout.trim() : undefined;

/** Starts it without a window. */
export const startBrowser = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', ...args] });

/** What went wrong on a page: errors of scripts, and whatever it asked the network for. */
export function troubles(page: Page, own: (url: string) => boolean): string[] {
  const list: string[] = [];
  page.on('pageerror', (error) => list.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') list.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && !own(request.url())) list.push(request.url());
  });
  return list;
}

/** The rules of accessibility that a page breaks seriously, with the first element of each. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}
