import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../errors';
import { readReport } from '../report/read-report';
import { renderReport } from '../report/render';
import type { RunReport } from '../report/run-report';
import { liveScript } from './live-script';
import { onChange } from './on-change';

export interface RunServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the report of a run, as it stands, to this machine alone, and tells open pages when it has moved on.
 *
 * It reads the run's folder and nothing else, and answers to nothing but its own address, so that no page of
 * somebody else can read it through a name that leads here.
 *
 * @param port 0 for any that is free
 * @throws if the port is taken.
 */
export async function serveRun(
  folder: string,
  told: Pick<RunReport, 'name' | 'program'>,
  port: number,
): Promise<RunServer> {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${taken}`, `localhost:${taken}`];
  const stop = onChange(folder, () => {
    for (const listener of listeners) listener.write('data: changed\n\n');
  });

  function answer({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
    if (!hosts.includes(headers.host ?? '')) end(response, 403, 'text/plain', 'another address');
    else if (method !== 'GET') end(response, 405, 'text/plain', 'GET only');
    else if (url === '/') report(response);
    else if (url === '/events') listen(response);
    else end(response, 404, 'text/plain', 'not found');
  }

  function listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(':\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  }

  function report(response: ServerResponse): void {
    try {
      end(response, 200, 'text/html; charset=utf-8', renderReport(readReport(folder, told), liveScript));
    } catch (error) {
      end(response, 500, 'text/plain; charset=utf-8', messageOf(error));
    }
  }

  return {
    url: `http://${hosts[0]}/`,
    close() {
      stop();
      for (const listener of listeners) listener.end();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function end(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}
