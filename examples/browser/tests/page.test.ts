import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { build, type InlineConfig, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type Browser,
  type BrowserContext,
  chromiumPath,
  type Page,
  seriousFaults,
  startBrowser,
  troubles,
} from '../../../apps/cli/tests/browser';
import { picture, SIDE, type Texture } from '../../textures';
import { ISOLATED, servesCifar10 } from '../vite.config';

if (!chromiumPath) console.warn('skipped: the page of examples/browser: there is no chromium on the PATH');

const root = fileURLToPath(new URL('..', import.meta.url));
const LOOKS = [
  { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { viewport: { width: 800, height: 900 }, colorScheme: 'dark' },
  { viewport: { width: 360, height: 740 }, colorScheme: 'light' },
] as const;
/** How many pixels the page is wider than the window. */
const OVERFLOW = 'document.documentElement.scrollWidth - innerWidth';

/** A file of the size of CIFAR-10's, which it is not. */
async function withWrongFiles(folder: string): Promise<void> {
  for (const name of [
    'data_batch_1',
    'data_batch_2',
    'data_batch_3',
    'data_batch_4',
    'data_batch_5',
    'test_batch',
  ]) {
    await writeFile(join(folder, `${name}.bin`), '');
    await truncate(join(folder, `${name}.bin`), 30_730_000);
  }
}

describe.skipIf(!chromiumPath)('the page', () => {
  let folder: string;
  let browser: Browser;
  let context: BrowserContext;
  const servers: Record<string, PreviewServer> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xcp-page-'));
    const shared: InlineConfig = {
      root,
      configFile: false,
      appType: 'mpa',
      logLevel: 'silent',
      worker: { format: 'es' },
      build: { target: 'es2022', outDir: join(folder, 'dist') },
      plugins: [servesCifar10(folder)],
    };
    await build(shared);
    const serve = (headers: Record<string, string>) =>
      preview({ ...shared, preview: { port: 0, host: '127.0.0.1', headers } });
    servers.isolated = await serve(ISOLATED);
    servers.plain = await serve({});
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    for (const server of Object.values(servers)) await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());

  const address = (kind: 'isolated' | 'plain') => servers[kind]!.resolvedUrls!.local[0]!;

  /** The page, ready, and all that goes wrong on it. */
  async function opened(kind: 'isolated' | 'plain') {
    const page = await context.newPage();
    const wrong = troubles(page, (url) => url.startsWith(address(kind)) || url.startsWith('blob:'));
    // Whatever GPU this machine has.
    await page.goto(`${address(kind)}?engine=xcp-wasm`);
    await says(page, /Ready|Paused/);
    return { page, wrong };
  }
  const says = (page: Page, text: RegExp) => page.locator('#status', { hasText: text }).waitFor();
  const stepOf = async (page: Page) => Number.parseInt((await page.locator('#step').textContent())!, 10);
  const afterStep = (page: Page, step: number) =>
    page.waitForFunction(`parseInt(document.querySelector('#step').textContent) > ${step}`);
  const epochRows = (page: Page) =>
    page
      .locator('#epoch-rows tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

  async function start(page: Page, epochs: number) {
    await page.selectOption('#data', 'textures');
    await page.selectOption('#network', 'narrow');
    await page.fill('#epochs', String(epochs));
    await page.click('#start');
    await page.locator('#pause').waitFor();
  }

  const png = (texture: Texture) =>
    Buffer.from(encode({ width: SIDE, height: SIDE, channels: 3, data: picture(texture, 77_777).data }));

  /** Drops a file on the page, or pastes it. */
  const give = (page: Page, how: 'drop' | 'paste', bytes: Buffer, name: string, type: string) =>
    page.evaluate(`{
      const given = new DataTransfer();
      const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (c) => c.charCodeAt(0));
      given.items.add(new File([bytes], '${name}', { type: '${type}' }));
      const init = { bubbles: true, cancelable: true };
      document.body.dispatchEvent('${how}' === 'drop'
        ? new DragEvent('drop', { ...init, dataTransfer: given })
        : new ClipboardEvent('paste', { ...init, clipboardData: given }));
    }`);
  const classes = (page: Page) =>
    page
      .locator('#predictions li')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  /** Sums of the pixels of a canvas, channel by channel. */
  const colours = (page: Page, id: string) =>
    page.evaluate(`{
      const canvas = document.querySelector('#${id}');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      [0, 1, 2].map((channel) => data.reduce((sum, value, i) => sum + (i % 4 === channel ? value : 0), 0));
    }`) as Promise<[number, number, number]>;

  let interrupted: (string | null)[][];

  it('trains with threads, is paused, gone on with, loaded again, gone on with, and looks at pictures', async () => {
    const { page, wrong } = await opened('isolated');
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    expect(Number(await page.locator('#threads').textContent())).toBe(cpus().length);
    await give(page, 'drop', png('rows'), 'rows.png', 'image/png');
    await page.locator('#result-note', { hasText: 'weights that come with this page' }).waitFor();
    expect((await classes(page)).length).toBe(5);

    await start(page, 3);
    // While it learns.
    await page.locator('#predictions li').first().waitFor();
    await afterStep(page, 1);
    await page.click('#pause');
    await says(page, /Paused: The run is kept at step \d+/);
    const paused = await stepOf(page);
    expect(paused).toBeLessThan(24);
    expect(await page.locator('#kept').textContent()).toBe(String(paused));
    await page.waitForTimeout(500);
    expect(await stepOf(page)).toBe(paused);
    await page.click('#go-on');
    await afterStep(page, paused);
    // At the checkpoint of the first epoch, which is written while the second goes on; by the page itself, for on a busy
    // machine the run may be over before this process hears of it.
    await page
      .waitForFunction(
        `parseInt(document.querySelector('#kept').textContent) >= 8 && (location.reload(), true)`,
      )
      .catch(() => {});
    await says(page, /Paused: this browser has kept a run/);
    await page.locator('#epoch-rows tr').first().waitFor({ state: 'attached' });
    expect(await page.locator('#epochs').inputValue()).toBe('3');
    expect((await epochRows(page)).length).toBeLessThan(3);
    expect(await page.locator('#loss path.train').count()).toBe(1);
    // With the kept weights, before anything is gone on with.
    await page.setInputFiles('#picture-file', {
      name: 'rows.png',
      mimeType: 'image/png',
      buffer: png('rows'),
    });
    await page.locator('#predictions li').first().waitFor();
    await page.click('#go-on');
    await says(page, /Finished: \d+\.\d % of 64 test images are right/);

    interrupted = await epochRows(page);
    const losses = interrupted.map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(0.5 * losses[0]!);
    const said = await page.locator('#status').textContent();
    // A quarter is guessing.
    expect(Number(/[\d.]+ %/.exec(said!)![0].slice(0, -2))).toBeGreaterThan(50);

    await page.locator('#result-note', { hasText: 'weights of step 24' }).waitFor();
    const shares = (await classes(page)).map(([, share]) => Number.parseFloat(share!));
    expect(shares).toHaveLength(4);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(100, 0);
    // The picture is grey; what glows over it is red and orange, and nothing else got lighter.
    const [grey, warm] = [await colours(page, 'shown'), await colours(page, 'heat')];
    expect(warm[0] / warm[2]).toBeGreaterThan(1.2 * (grey[0] / grey[2]));
    expect(warm[2]).toBeLessThan(grey[2]);
    await page.locator('summary').click();
    for (const look of LOOKS) {
      await page.setViewportSize(look.viewport);
      await page.emulateMedia({ colorScheme: look.colorScheme });
      expect(await seriousFaults(page)).toEqual([]);
      expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    }

    page.on('dialog', (dialog) => dialog.accept());
    await page.click('#discard');
    await says(page, /Ready/);
    expect(await page.locator('#curves').isVisible()).toBe(false);
    expect(wrong).toEqual([]);
  });

  it('has one thread where it is not isolated, and comes to the same figures without an interruption', async () => {
    const { page, wrong } = await opened('plain');
    expect(await page.evaluate('crossOriginIsolated')).toBe(false);
    expect(await page.locator('#threads').textContent()).toBe('1');
    await start(page, 3);
    await says(page, /Finished/);
    expect(await epochRows(page)).toEqual(interrupted);
    expect(wrong).toEqual([]);
  });

  it('stops early with a test, and can be gone on with after that, by one tab', async () => {
    const { page, wrong } = await opened('isolated');
    await start(page, 50);
    await give(page, 'paste', png('dots'), 'dots.png', 'image/png');
    await page.locator('#predictions li').first().waitFor();
    await page.click('#finish');
    await says(page, /Finished: \d+\.\d % of 64 test images/);
    const step = await stepOf(page);
    expect(step).toBeLessThan(400);
    await page.click('#go-on');
    await afterStep(page, step);
    // Another tab must not write to the same run.
    const other = await opened('isolated');
    await other.page.click('#go-on');
    await other.page.locator('#error', { hasText: 'close its tab' }).waitFor();
    await other.page.reload();
    await says(other.page, /Paused/);
    other.page.on('dialog', (dialog) => dialog.accept());
    await other.page.click('#discard');
    await other.page.locator('#error', { hasText: 'close its tab' }).waitFor();
    await page.click('#pause');
    await page.reload();
    await says(page, /Paused: this browser has kept a run/);
    expect([...wrong, ...other.wrong]).toEqual([]);
  });

  it('takes a GPU by itself, one in software on request alone, and wasm where it is told to', async () => {
    const withGpu = await startBrowser(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
    onTestFinished(() => withGpu.close());
    const page = await withGpu.newPage();
    const wrong = troubles(page, (url) => url.startsWith(address('isolated')));
    const engine = () => page.locator('#engine').textContent();
    await page.goto(`${address('isolated')}?engine=webgpu`);
    await says(page, /Ready|There is no engine/);
    if ((await engine()) === '–') {
      await page.locator('#error', { hasText: 'WebGPU cannot train here: ' }).waitFor();
      console.warn('skipped: the page on WebGPU: this Chromium has no SwiftShader');
    } else {
      expect(await engine()).toBe('webgpu');
      expect(await page.locator('#engine-note').textContent()).toContain('in software');
    }
    await page.selectOption('#engine-choice', 'auto');
    await page.locator('#engine-note', { hasText: 'No WebGPU: ' }).waitFor();
    expect(await engine()).toBe('xcp-wasm');
    await page.selectOption('#engine-choice', 'xcp-wasm');
    await page.waitForURL(/engine=xcp-wasm/);
    await says(page, /Ready/);
    expect(await engine()).toBe('xcp-wasm');
    expect(await page.locator('#engine-note').textContent()).not.toContain('WebGPU');
    expect(wrong).toEqual([]);
  });

  it('takes no file for what it is not', async () => {
    const { page, wrong } = await opened('isolated');
    expect(await page.locator('#files-note').textContent()).toContain('cifar-10-binary.tar.gz');
    await page.click('#start');
    await page.locator('#error', { hasText: 'CIFAR-10 is not here yet' }).waitFor();
    await give(page, 'drop', Buffer.from('no data'), 'data_batch_1.bin', '');
    await page.locator('#files-note', { hasText: 'Chosen: data_batch_1.bin' }).waitFor();
    await page.click('#start');
    await page.locator('#error', { hasText: 'received data_batch_1.bin of 7 bytes' }).waitFor();
    await give(page, 'drop', Buffer.from('no picture'), 'a.txt', 'text/plain');
    await page.locator('#picture-error', { hasText: 'received a.txt' }).waitFor();

    await withWrongFiles(folder);
    await page.reload();
    await page.locator('#files-note', { hasText: 'The server has CIFAR-10' }).waitFor();
    await page.click('#start');
    await page.locator('#error', { hasText: 'received data_batch_1.bin, whose SHA-256' }).waitFor();
    expect(wrong).toEqual([]);
    const status = async (path: string) => (await fetch(new URL(path, address('plain')))).status;
    expect(await status('cifar10/data_batch_2.bin')).toBe(200);
    for (const path of ['cifar10/other.bin', 'cifar10/..%2fdist%2findex.html', 'cifar10/']) {
      expect(await status(path)).toBe(404);
    }
  });
});
