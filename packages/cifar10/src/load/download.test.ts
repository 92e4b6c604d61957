import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DownloadOptions, download } from './download';
import { temporaryFolder } from './fake-data-set';
import { serve } from './fake-server';
import { discardPart } from './part-file';
import { TooSlowError } from './transfer-watch';

const data = new Uint8Array(300_000).map((_, i) => i * 13 + (i >> 8));
const options = { fetch, stallTimeout: 5000, minSpeed: 0, slowTimeout: 5000 };

async function downloaded(url: string, more: Partial<DownloadOptions> = {}): Promise<Uint8Array> {
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

/** Announces the bytes from `start` on. */
function sendRange(response: ServerResponse, start: number, version = 1) {
  const range = { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` };
  const headers = { etag: `"v${version}"`, 'content-length': data.length - start };
  response.writeHead(start ? 206 : 200, start ? { ...headers, ...range } : headers);
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
      sendRange(response, start);
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
      sendRange(response, start);
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

  it('gives up a transfer that is too slow, and goes on with it when called again', async () => {
    const starts: number[] = [];
    const url = await serve((request, response) => {
      const start = rangeStart(request);
      starts.push(start);
      sendRange(response, start);
      if (start > 0) response.end(data.subarray(start));
      else response.write(data.subarray(0, 1000));
    });
    const path = join(await temporaryFolder(), 'file');
    const slow = download(url, path, { ...options, minSpeed: 10_000, slowTimeout: 300 });
    await expect(slow).rejects.toThrow(TooSlowError);
    await expect(slow).rejects.toThrow(
      `${url}: gave only 3.3 kB/s over 0.3 s, and must give at least 10 kB/s (after 1000 bytes)`,
    );
    expect(await download(url, path, options)).toBe(true);
    expect(Buffer.compare(await readFile(path), data)).toBe(0);
    expect(starts).toEqual([0, 1000]);
  });

  it('asks nothing where all has arrived before', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      response.end(data);
    });
    const path = join(await temporaryFolder(), 'file');
    expect(await download(url, path, options)).toBe(false);
    expect(await download(url, path, options)).toBe(true);
    expect(requests).toBe(1);
  });

  it('begins anew where the address, the version or the notes of what it finds are others', async () => {
    const path = join(await temporaryFolder(), 'file');
    let version = 1;
    const url = await serve((request, response) => {
      const isSame = request.headers['if-range'] === `"v${version}"`;
      sendRange(response, isSame ? rangeStart(request) : 0, version);
      if (version === 1) return response.write(data.subarray(0, 1000), () => response.destroy());
      return response.end(data);
    });
    const whole = async (from = url) => {
      version = 2;
      expect(await download(from, path, options)).toBe(false);
      expect(Buffer.compare(await readFile(path), data)).toBe(0);
    };
    const begin = async () => {
      version = 1;
      await discardPart(path);
      await expect(download(url, path, options)).rejects.toThrow('(after ');
    };
    await begin();
    await whole();
    await begin();
    await whole(`${url}?another`);
    await begin();
    await writeFile(`${path}.json`, '{"url":');
    await whole();
  });

  it('begins anew where more has arrived than the server has', async () => {
    const path = join(await temporaryFolder(), 'file');
    const url = await serve((request, response) => {
      if (rangeStart(request) > 0) return response.writeHead(416).end();
      response.setHeader('etag', '"v1"');
      return response.end(data);
    });
    await writeFile(path, Buffer.concat([data, data]));
    await writeFile(`${path}.json`, JSON.stringify({ url, validator: '"v1"', total: 3 * data.length }));
    expect(await download(url, path, options)).toBe(false);
    expect(Buffer.compare(await readFile(path), data)).toBe(0);
  });

  it('appends by the date where there is no strong mark, and never by a weak one', async () => {
    for (const [headers, expected] of [
      [{ etag: 'W/"v1"', 'last-modified': 'Wed, 25 Nov 2026 10:00:00 GMT' }, 'Wed, 25 Nov 2026 10:00:00 GMT'],
      [{ etag: 'W/"v1"' }, undefined],
    ] as const) {
      const asked: (string | undefined)[] = [];
      const url = await serve((request, response) => {
        asked.push(request.headers['if-range'] as string | undefined);
        response.writeHead(200, { ...headers, 'content-length': data.length });
        send(response, 0, asked.length === 1 ? 1000 : data.length);
      });
      expect(Buffer.compare(await downloaded(url), data)).toBe(0);
      expect(asked).toEqual([undefined, expected]);
    }
  });

  it('refuses another part than the one that it asked for', async () => {
    const url = await serve((_, response) => {
      response.writeHead(206, { 'content-range': `bytes 10-19/${data.length}` });
      response.end(data.subarray(10, 20));
    });
    await expect(downloaded(url)).rejects.toThrow('gave another part of the file');
  });

  it('gives up on addresses that lead to each other in a circle', async () => {
    const url = await serve((request, response) => {
      response.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end();
    });
    await expect(downloaded(url)).rejects.toThrow(/redirect/i);
  });
});
