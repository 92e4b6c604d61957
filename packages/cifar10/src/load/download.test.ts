import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { download } from './download';
import { temporaryFolder } from './fake-data-set';
import { serve } from './fake-server';

const data = new Uint8Array(300_000).map((_, i) => i * 13 + (i >> 8));
const options = { fetch, stallTimeout: 5000 };

async function downloaded(
  url: string,
  more: Partial<Parameters<typeof download>[2]> = {},
): Promise<Uint8Array> {
  const path = join(await temporaryFolder(), 'file');
  await download(url, path, { ...options, ...more });
  return new Uint8Array(await readFile(path));
}

/** Sends the bytes from `start` to `end` and then breaks the connection, where `end` is not the end. */
function send(response: ServerResponse, start: number, end: number) {
  response.write(data.subarray(start, end), () => {
    if (end < data.length) setTimeout(() => response.destroy(), 20);
    else response.end();
  });
}

const rangeStart = (request: IncomingMessage) =>
  Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);

describe('download', () => {
  it('writes what the server gives, and tells how far it is', async () => {
    const url = await serve((_, response) => {
      response.setHeader('content-length', data.length);
      response.end(data);
    });
    const seen: (number | undefined)[][] = [];
    const received = await downloaded(url, { onProgress: (...progress) => seen.push(progress) });
    expect(Buffer.compare(received, data)).toBe(0);
    expect(seen.at(-1)).toEqual([data.length, data.length]);
  });

  it('takes a cut transfer up where it stopped', async () => {
    const starts: number[] = [];
    const url = await serve((request, response) => {
      const start = rangeStart(request);
      starts.push(start);
      expect(request.headers['if-range']).toBe(start ? '"v1"' : undefined);
      const headers = { etag: '"v1"', 'content-length': data.length - start };
      const range = { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` };
      response.writeHead(start ? 206 : 200, start ? { ...headers, ...range } : headers);
      send(response, start, Math.min(start + 120_000, data.length));
    });
    expect(Buffer.compare(await downloaded(url), data)).toBe(0);
    // Of what was sent before the cut, a busy machine may lose the end.
    expect(starts.slice(0, 2)).toEqual([0, expect.any(Number)]);
    starts.slice(1).forEach((start, i) => {
      expect(start).toBeGreaterThan(starts[i]!);
      expect(start).toBeLessThanOrEqual(starts[i]! + 120_000);
    });
  });

  it('begins again where the server cannot give the rest alone, or has another version by now', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      response.writeHead(200, { etag: `"v${requests}"`, 'content-length': data.length });
      send(response, 0, requests < 3 ? 100_000 * requests : data.length);
    });
    expect(Buffer.compare(await downloaded(url), data)).toBe(0);
    expect(requests).toBe(3);
  });

  it('takes a stalled transfer up again, and gives up where nothing more arrives', async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests++;
      const start = rangeStart(request);
      const range = { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` };
      response.writeHead(start ? 206 : 200, {
        etag: '"v1"',
        'content-length': data.length - start,
        ...range,
      });
      response.write(start ? '' : data.subarray(0, 1000));
    });
    await expect(downloaded(url, { stallTimeout: 150 })).rejects.toThrow(
      `${url}: nothing arrived for 0.15 s (after 1000 bytes)`,
    );
    expect(requests).toBe(2);
  });

  it('gives up on a server that closes early every time', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': data.length });
      response.write(data.subarray(0, 10), () => response.destroy());
    });
    await expect(downloaded(url)).rejects.toThrow(/terminated|aborted|closed/);
  });

  it.each([
    ['a missing file', 404, 'text/plain', 'answered 404 Not Found'],
    ['an error of the server', 503, 'text/html', 'answered 503 Service Unavailable'],
    ['a web page', 200, 'text/html; charset=utf-8', 'gave a web page (text/html; charset=utf-8) in place of'],
    ['no content', 204, 'text/plain', 'gave no content'],
  ])('refuses %s at once', async (_, status, type, message) => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      response.writeHead(status, { 'content-type': type });
      response.end(status === 204 ? undefined : '<html>Sign in</html>');
    });
    await expect(downloaded(url)).rejects.toThrow(`${url} ${message}`);
    expect(requests).toBe(1);
  });

  it('refuses another length than the one that is known, whether announced or not', async () => {
    const announced = await serve((_, response) => {
      response.setHeader('content-length', data.length);
      response.end(data);
    });
    await expect(downloaded(announced, { size: 5 })).rejects.toThrow(
      `must give 5 bytes, and announces ${data.length}`,
    );
    const unannounced = await serve((_, response) => {
      response.write(data.subarray(0, 100));
      response.end();
    });
    await expect(downloaded(unannounced, { size: 200 })).rejects.toThrow('must give 200 bytes, and gave 100');
    await expect(downloaded(unannounced, { size: 5 })).rejects.toThrow('must give 5 bytes, and gave 100');
    expect(await downloaded(unannounced)).toEqual(data.subarray(0, 100));
  });

  it('says why no connection can be made', async () => {
    await expect(downloaded('http://127.0.0.1:1/none')).rejects.toThrow(/fetch failed: .+ \(after 0 bytes\)/);
  });

  it('stops with the reason of the signal', async () => {
    const controller = new AbortController();
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': data.length });
      response.write(data.subarray(0, 1000));
    });
    const onProgress = () => controller.abort(new Error('enough'));
    await expect(downloaded(url, { signal: controller.signal, onProgress })).rejects.toThrow(/^enough$/);
  });
});
