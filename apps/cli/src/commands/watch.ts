import { resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { readRun } from '../run-folder/run-record';
import { createOutput } from '../terminal/output';
import { showRun } from '../watch/show-run';
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
      const { io } = context;
      const folder = resolve(io.cwd, run);
      readRun(folder);
      const server = await showRun(folder, given, context, createOutput(io, given.json ?? false));
      await new Promise<void>((resolve) => {
        const stop = io.onInterrupt(() => {
          stop();
          resolve();
        });
      });
      await server.close();
    });
}
