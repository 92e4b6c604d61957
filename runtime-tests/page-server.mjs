import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';

const require = createRequire(import.meta.url);
const wasm = join(dirname(require.resolve('@xcp/backend/package.json')), 'wasm');
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/**
 * Serves the bundled page of `folder` on 127.0.0.1, cross-origin isolated (which gives it threads) or not.
 *
 * @param onTold is called with the path and the body of all that the page tells
 */
export async function servePage(folder, isolated, onTold) {
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    const { pathname } = new URL(request.url, 'http://localhost');
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.end();
        onTold(pathname, JSON.parse(body));
      });
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(pathname)] ?? 'text/html');
    if (pathname === '/') return response.end('<script type="module" src="/dist/page.js"></script>');
    const from = { dist: folder, wasm }[pathname.split('/')[1]];
    try {
      response.end(readFileSync(join(from, basename(pathname))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
