import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from './fake-server';
import { proxyingFetch } from './proxying-fetch';

/** A proxy that notes what it is asked for, through a tunnel or by the whole address. */
async function proxy() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url!).host);
    void fetch(request.url!).then(async (answer) => response.end(await answer.text()));
  });
  server.on('connect', (request, client) => {
    asked.push(request.url!);
    const [host, port] = request.url!.split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('proxyingFetch', () => {
  it('goes straight where no proxy is named', async () => {
    const target = await serve((_, response) => response.end('data'));
    expect(await (await proxyingFetch({})(target)).text()).toBe('data');
    expect(await (await proxyingFetch({ HTTPS_PROXY: 'http://127.0.0.1:1' })(new URL(target))).text()).toBe(
      'data',
    );
  });

  it.each(['http_proxy', 'HTTP_PROXY'])('goes through the proxy of %s', async (name) => {
    const { asked, url } = await proxy();
    const target = await serve((_, response) => response.end('data'));
    const throughProxy = proxyingFetch({ [name]: url });
    const response = await throughProxy(target, { headers: { 'accept-encoding': 'identity' } });
    expect(await response.text()).toBe('data');
    expect(asked).toEqual([new URL(target).host]);
  });

  it('asks the proxy for a tunnel to an https address', async () => {
    const { asked, url } = await proxy();
    const plain = await serve((_, response) => response.end('data'));
    // The server does not speak TLS: that the tunnel leads there is enough.
    const failing = proxyingFetch({ HTTPS_PROXY: url })(plain.replace('http:', 'https:'));
    await expect(failing).rejects.toThrow('fetch failed');
    expect(asked).toEqual([new URL(plain).host]);
  });

  it('goes past the proxy to a host of NO_PROXY', async () => {
    const { asked, url } = await proxy();
    const target = await serve((_, response) => response.end('data'));
    const fetchPast = proxyingFetch({ HTTP_PROXY: url, NO_PROXY: 'example.org,127.0.0.1' });
    expect(await (await fetchPast(target)).text()).toBe('data');
    expect(asked).toEqual([]);
  });

  it('says that the proxy cannot be reached, and stops with the signal', async () => {
    const target = await serve((_, response) => response.write('begin'));
    const noProxy = proxyingFetch({ HTTP_PROXY: 'http://127.0.0.1:1' })(target);
    await expect(noProxy).rejects.toThrow('fetch failed');
    const { url } = await proxy();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(proxyingFetch({ HTTP_PROXY: url })(target, { signal })).rejects.toThrow('enough');
  });
});
