import { appendFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type EpochRow, readMetrics } from '@xcp/trainer/node';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatLoss } from '../src/terminal/format';
import { engine, home, json, withTrainedRun, xcp } from '../src/testing/harness';
import { serveRun } from '../src/watch/serve-run';
import { chromiumPath, seriousFaults, startBrowser, troubles } from './browser';

/** How many pixels a page is wider than the window. */
const OVERFLOW = 'document.documentElement.scrollWidth - innerWidth';

// Debian's package `chromium`, say; CI has one.
describe.skipIf(chromiumPath === undefined)('pages in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    await engine.activate();
    await withTrainedRun();
  });

  const epochs = () =>
    readMetrics(join(home, 'run', 'metrics.jsonl')).filter((row): row is EpochRow => row.kind === 'epoch');

  it.each([
    { name: 'wide', viewport: { width: 1280, height: 900 } },
    { name: 'phone', viewport: { width: 360, height: 740 } },
    { name: 'dark', viewport: { width: 800, height: 900 }, colorScheme: 'dark' as const },
  ])('the report can be read: $name', async ({ viewport, colorScheme }) => {
    const page = await browser.newPage({ viewport, ...(colorScheme && { colorScheme }) });
    const wrong = troubles(page, (url) => url.startsWith('file:'));
    await page.goto(pathToFileURL(join(home, 'run', 'report.html')).href);
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    expect(await seriousFaults(page)).toEqual([]);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('the report shows the figures of metrics.jsonl and result.json', async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(home, 'run', 'report.html')).href);
    const loss = page.locator('.chart', { hasText: 'Loss' }).first();
    expect(await loss.locator('.linear path[data-series="validation"]').count()).toBe(1);
    await loss.locator('summary').click();
    const shown = await loss
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(shown).toEqual(
      epochs().map(({ epoch, loss, validation }) => [
        String(epoch),
        formatLoss(loss),
        formatLoss(validation!.loss),
      ]),
    );
    const { test } = json('run', 'result.json');
    expect(await page.locator('.tiles').textContent()).toContain(`${(100 * test.accuracy).toFixed(2)} %`);
    const diagonal = test.confusion.map((row: number[], i: number) => row[i] || '·').map(String);
    const cells = await page
      .locator('.confusion tbody tr')
      .evaluateAll((rows) => rows.map((row, i) => row.querySelectorAll('td')[i]!.textContent));
    expect(cells).toEqual(diagonal);
    const mistakes = json('run', 'mistakes.json');
    expect(mistakes.length).toBeGreaterThan(0);
    expect(await page.locator('.mistakes li').count()).toBe(mistakes.length);
    const drawn = await page
      .locator('.mistakes img')
      .evaluateAll((images) =>
        images.every((image) => (image as unknown as { naturalWidth: number }).naturalWidth === 32),
      );
    expect(drawn).toBe(true);
    await page.close();
  });

  it('the report answers to the pointer, to the keys, and to the wish for a logarithm', async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(home, 'run', 'report.html')).href);
    const plot = page.locator('.chart .linear').first();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width - 2, box.y + 30);
    const last = epochs().at(-1)!;
    expect(await plot.locator('.tip').textContent()).toContain(
      `validation ${formatLoss(last.validation!.loss)}`,
    );
    await plot.focus();
    await page.keyboard.press('Home');
    expect(await plot.locator('.tip').textContent()).toContain(`train ${formatLoss(epochs()[0]!.loss)}`);
    await page.locator('.to-log').first().check();
    expect(await plot.isVisible()).toBe(false);
    expect(await page.locator('.chart .log').first().isVisible()).toBe(true);
    await page.close();
  });

  it('a run that is watched moves on by itself, and what is open stays open', async () => {
    const server = await serveRun(join(home, 'run'), { name: 'run', program: 'xcp' }, 0);
    const page = await browser.newPage();
    const wrong = troubles(page, (url) => url.startsWith(server.url));
    await page.goto(server.url);
    await page.locator('summary').first().click();
    const row = { ...epochs().at(-1)!, epoch: 4, step: 16, loss: 0.123456 };
    appendFileSync(join(home, 'run', 'metrics.jsonl'), `${JSON.stringify(row)}\n`);
    await page.locator('tbody tr', { hasText: '0.1235' }).first().waitFor();
    expect(await page.locator('details').first().getAttribute('open')).not.toBeNull();
    expect(wrong).toEqual([]);
    await page.close();
    await server.close();
  });

  it('compared runs, a sweep and a range test can be read', async () => {
    await xcp(['compare', 'run', 'run', '--html', 'compare.html']);
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const wrong = troubles(page, (url) => url.startsWith('file:'));
    await page.goto(pathToFileURL(join(home, 'compare.html')).href);
    expect(await page.locator('.linear path.curve').count()).toBeGreaterThan(3);
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe('a run that is served', () => {
  beforeEach(async () => {
    await engine.activate();
    await withTrainedRun();
  });

  /** Asks as a program can, with any host and path. */
  const ask = (url: string, options: { path?: string; host?: string; method?: string }) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const { path = '/', host, method = 'GET' } = options;
      const headers = host === undefined ? {} : { host };
      const asked = request({ hostname, port, path, method, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      });
      asked.on('error', reject);
      asked.end();
    });

  it('is its report alone, for this machine alone', async () => {
    const server = await serveRun(join(home, 'run'), { name: 'run', program: 'xcp' }, 0);
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect(await ask(server.url, {})).toMatchObject({
      status: 200,
      text: expect.stringContaining('<h1>run</h1>'),
    });
    for (const path of [
      '/config.json',
      '/../run/config.json',
      '/..%2f..%2fetc/passwd',
      '/model/model.json',
    ]) {
      expect(await ask(server.url, { path })).toEqual({ status: 404, text: 'not found' });
    }
    // A name of somebody else's that leads here must not read it.
    expect(await ask(server.url, { host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await ask(server.url, { method: 'POST' })).toMatchObject({ status: 405 });
    await server.close();
  });
});
