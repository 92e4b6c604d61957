import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { CIFAR10_FILES } from '@xcp/cifar10';
import { defaultCacheDir } from '@xcp/cifar10/node';
import { defineConfig, type Plugin } from 'vite';

/** With these a page is cross-origin isolated: it may share memory between threads. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Where the page asks for the files; `index.json` there says which there are. */
const PLACE = '/cifar10/';

/**
 * Has the dev server and the preview server give the page the six files of CIFAR-10 that `xcp` keeps in its cache, and
 * no other file. The page proves them by their SHA-256.
 */
export function servesCifar10(folder = defaultCacheDir()): Plugin {
  const serve = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const path = request.url?.split('?')[0] ?? '';
    if (!path.startsWith(PLACE)) return next();
    answer(folder, path.slice(PLACE.length), response).catch(next);
  };
  return {
    name: 'serves-cifar10',
    configureServer: ({ middlewares }) => void middlewares.use(serve),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(serve),
  };
}

async function answer(folder: string, name: string, response: ServerResponse): Promise<void> {
  const names = await namesIn(folder);
  if (name === 'index.json') {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(names));
    return;
  }
  // One of the names that we know, so that no path leads elsewhere.
  if (!names.includes(name)) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('Content-Type', 'application/octet-stream');
  createReadStream(join(folder, name))
    .on('error', () => response.destroy())
    .pipe(response);
}

async function namesIn(folder: string): Promise<string[]> {
  const found = await Promise.all(
    CIFAR10_FILES.map(async ({ name, size }) => {
      const there = await stat(join(folder, name)).catch(() => undefined);
      return there?.isFile() && there.size === size ? [name] : [];
    }),
  );
  return found.flat();
}

export default defineConfig({
  appType: 'mpa',
  plugins: [servesCifar10()],
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 2000 },
  server: { headers: ISOLATED },
  preview: { headers: ISOLATED },
});
