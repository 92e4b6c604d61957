import { resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { messageOf, UserError } from '../errors';
import { displayPath } from '../run-folder/display-path';
import { readRun } from '../run-folder/run-record';
import { createOutput } from '../terminal/output';
import { serveRun } from '../watch/serve-run';
import { integer, options } from './shared-options';

export function watchCommand(context: Context) {
  return new Command('watch')
    .summary('show a run in the browser as it goes on')
    .description(
      'Serve the report of a run to the browser of this machine, and to no other, until Ctrl-C; it follows the run.',
    )
    .argument('<run>', 'the folder of the run')
    .addOption(
      new Option('--port <number>', 'the port, 0 for any that is free')
        .argParser(integer(0, 65535))
        .default(0),
    )
    .option('--no-open', 'print the address alone, and open no browser')
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp watch runs/quickstart-20261124-090507')
    .action(async (run, given) => {
      const { io, services } = context;
      const output = createOutput(io, given.json ?? false);
      const folder = resolve(io.cwd, run);
      readRun(folder);
      const name = displayPath(folder, io.cwd);
      const server = await serveRun(folder, { name, program: io.program }, given.port).catch((error) => {
        throw new UserError(`--port: ${given.port} cannot be served on (${messageOf(error)}); name another`);
      });
      output.say(`${name} is shown at ${server.url} (Ctrl-C ends)`);
      output.emit({ run: name, url: server.url });
      if (given.open) await services.openBrowser(server.url);
      await new Promise<void>((resolve) => {
        const stop = io.onInterrupt(() => {
          stop();
          resolve();
        });
      });
      await server.close();
    });
}
