// Serves a page that trains, opens it in a headless Chromium, and gives what the page tells.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const require = createRequire(import.meta.url);
const wasm = join(dirname(require.resolve('@xcp/backend/package.json')), 'wasm');
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
const TIMEOUT_MS = 120_000;
const FLAGS =
  '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** Trains in `chromium`, on a page that is cross-origin isolated (and so has threads) or not. */
export async function trainInBrowser(chromium, isolated) {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-page-'));
  const page = fileURLToPath(new URL('page.mjs', import.meta.url));
  await build({
    entry: { page },
    outDir: folder,
    format: 'esm',
    platform: 'browser',
    noExternal: [/.*/],
    esbuildOptions(options) {
      // The repository's own tsconfig.json leads from package names to sources; here the built packages are tried.
      options.tsconfig = undefined;
      options.tsconfigRaw = '{}';
    },
    outExtension: () => ({ js: '.js' }),
    config: false,
    silent: true,
  });

  let told;
  const result = new Promise((resolve) => {
    told = resolve;
  });
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/result') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => told(JSON.parse(body)));
      return response.end();
    }
    response.setHeader('Content-Type', TYPES[extname(pathname)] ?? 'text/html');
    if (pathname === '/') return response.end('<script type="module" src="/dist/page.js"></script>');
    const [, place, name] = pathname.split('/');
    const from = { dist: folder, wasm }[place];
    try {
      response.end(readFileSync(join(from, name)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/?backend=xcp-wasm`;
  const browser = spawn(chromium, [...FLAGS.split(' '), `--user-data-dir=${join(folder, 'profile')}`, url], {
    stdio: 'ignore',
  });
  const failure = new Promise((resolve) => {
    browser.on('error', (error) => resolve({ error: error.message }));
    setTimeout(() => resolve({ error: `no answer within ${TIMEOUT_MS / 1000} s` }), TIMEOUT_MS).unref();
  });
  try {
    return await Promise.race([result, failure]);
  } finally {
    browser.kill();
    await new Promise((resolve) =>
      browser.exitCode === null && browser.pid ? browser.on('exit', resolve) : resolve(),
    );
    server.closeAllConnections();
    server.close();
    // Processes of the browser that outlive it still write there.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
