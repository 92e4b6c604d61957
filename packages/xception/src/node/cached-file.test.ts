import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cachedFile, defaultCacheDir } from './cached-file';
import type { RemoteFile } from './receive';

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7 + (i >> 8)) % 256);
const md5 = createHash('md5').update(bytes).digest('hex');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'xcp-cache-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A file on a server that stops when the test ends. */
async function serve(listener: RequestListener): Promise<RemoteFile> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/weights.h5`, name: 'weights.h5', size: bytes.length, md5 };
}

/** A server that heeds ranges, keeps a record of them, and breaks off its first answers after so many bytes. */
function rangeServer(record: string[], ...breaks: number[]): RequestListener {
  return (request, response) => {
    record.push(request.headers.range ?? 'whole');
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length - start });
    const length = breaks.shift();
    if (length === undefined) response.end(bytes.subarray(start));
    else
      response.write(bytes.subarray(start, start + length), () => setTimeout(() => response.destroy(), 20));
  };
}

describe('a file in the cache', () => {
  it('is fetched once, and told of while it comes', async () => {
    const [record, seen]: [string[], number[]] = [[], []];
    const file = await serve(rangeServer(record));
    const cacheDir = join(folder(), 'not', 'there', 'yet');
    const onProgress = ({ loaded, total }: { loaded: number; total: number }) => seen.push(loaded / total);
    const path = await cachedFile(file, { cacheDir, onProgress });
    expect(path).toBe(join(cacheDir, 'weights.h5'));
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
    expect(await cachedFile(file, { cacheDir })).toBe(path);
    expect(record).toEqual(['whole']);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(readdirSync(cacheDir)).toEqual(['weights.h5']);
  });

  it('is taken up where its connection broke', async () => {
    const record: string[] = [];
    const cacheDir = folder();
    const path = await cachedFile(await serve(rangeServer(record, 30_000, 1000)), { cacheDir });
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
    // What was on its way when the connection broke may be lost.
    const starts = record.map((range) => Number(/\d+/.exec(range)?.[0] ?? 0));
    expect(starts).toHaveLength(3);
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts[1]).toBeLessThanOrEqual(30_000);
    expect(starts[2]).toBeGreaterThanOrEqual(starts[1]!);
    expect(starts[2]).toBeLessThanOrEqual(31_000);
  });

  it('is taken up where a process was stopped', async () => {
    const record: string[] = [];
    const cacheDir = folder();
    const abort = new AbortController();
    const hanging = await serve((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 40_000));
    });
    const onProgress = ({ loaded }: { loaded: number }) =>
      loaded === 40_000 && abort.abort(new Error('enough'));
    await expect(cachedFile(hanging, { cacheDir, signal: abort.signal, onProgress })).rejects.toThrow(
      'enough',
    );
    expect(readdirSync(cacheDir)).toEqual(['weights.h5.part']);
    const path = await cachedFile(await serve(rangeServer(record)), { cacheDir });
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
    expect(record).toEqual(['bytes=40000-']);
  });

  it('comes whole from a server that knows no ranges', async () => {
    const cacheDir = folder();
    writeFileSync(join(cacheDir, 'weights.h5.part'), bytes.subarray(0, 50));
    const file = await serve((_, response) => response.end(bytes));
    expect(new Uint8Array(readFileSync(await cachedFile(file, { cacheDir })))).toEqual(bytes);
  });

  it('may be fetched by several at a time', async () => {
    const cacheDir = folder();
    const file = await serve(rangeServer([], 5000, 7000));
    const paths = await Promise.all([1, 2, 3].map(() => cachedFile(file, { cacheDir })));
    for (const path of paths) expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
  });

  it('is fetched again where it was damaged', async () => {
    const cacheDir = folder();
    writeFileSync(join(cacheDir, 'weights.h5'), bytes.subarray(1));
    const file = await serve(rangeServer([]));
    expect(new Uint8Array(readFileSync(await cachedFile(file, { cacheDir })))).toEqual(bytes);
  });

  const answers: [string, RequestListener, string | RegExp, number?][] = [
    ['an error', (_, response) => response.writeHead(404).end(), 'answered 404 Not Found'],
    [
      'a web page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'gave a web page (text/html) in place of the file',
    ],
    ['another size', (_, response) => response.end('short'), 'must give 100000 bytes, and announces 5'],
    [
      'other bytes',
      (_, response) => response.end(bytes.toReversed()),
      /must give a file of MD5 \w+, and gave one of/,
    ],
    ['silence', () => {}, 'nothing arrived for 0.05 s (after 0 bytes)', 50],
  ];
  it.each(answers)(
    'is not there after %s, and the error says what to do',
    async (_, listener, reason, stallTimeout) => {
      const cacheDir = folder();
      const file = await serve(listener);
      const fetched = cachedFile(file, { cacheDir, ...(stallTimeout && { stallTimeout }) });
      await expect(fetched).rejects.toThrow(reason);
      await expect(fetched).rejects.toThrow(`put it at ${join(cacheDir, 'weights.h5')}, or pass its path`);
      expect(readdirSync(cacheDir)).not.toContain('weights.h5');
    },
  );

  it('needs a server', async () => {
    const file = { url: 'http://127.0.0.1:1/weights.h5', name: 'weights.h5', size: 5, md5 };
    await expect(cachedFile(file, { cacheDir: folder() })).rejects.toThrow(
      /could not be \(http:.* \(after 0 bytes\)\)\. Where there is no network:\n {2}fetch http:.* \(5 bytes, MD5/,
    );
  });

  it('stands in XCP_CACHE_DIR', () => {
    expect(defaultCacheDir({ XCP_CACHE_DIR: '/somewhere' })).toBe(join('/somewhere', 'xception'));
    expect(defaultCacheDir({})).toMatch(/xception$/);
  });
});
