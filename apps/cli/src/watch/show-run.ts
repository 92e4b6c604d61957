import type { Context } from '../context';
import { messageOf, UserError } from '../errors';
import { displayPath } from '../run-folder/display-path';
import type { Output } from '../terminal/output';
import { type RunServer, serveRun } from './serve-run';

export interface ShowOptions {
  /** 0 for any that is free. */
  port: number;
  /** Whether to open a browser on it. */
  open: boolean;
}

/** Serves the report of a run, says where, and opens it. */
export async function showRun(
  folder: string,
  { port, open }: ShowOptions,
  { io, services }: Context,
  output: Output,
): Promise<RunServer> {
  const name = displayPath(folder, io.cwd);
  const server = await serveRun(folder, { name, program: io.program }, port).catch((error) => {
    throw new UserError(`--port: ${port} cannot be served on (${messageOf(error)}); name another`);
  });
  output.say(`watch   ${server.url}`);
  output.emit({ event: 'watch', run: name, url: server.url });
  if (open) await services.openBrowser(server.url);
  return server;
}
