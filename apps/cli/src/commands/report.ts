import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { writeReport } from '../report/write-report';
import { displayPath } from '../run-folder/display-path';
import { createOutput } from '../terminal/output';
import { options } from './shared-options';

export function reportCommand(context: Context) {
  return new Command('report')
    .summary('write the report of a run')
    .description(
      'Write report.html into the folder of a run, finished or not: one file with its curves, classes and mistakes.',
    )
    .argument('<run>', 'the folder of the run')
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp report runs/quickstart-20261124-090507')
    .action((run, given) => {
      const { io } = context;
      const folder = resolve(io.cwd, run);
      const output = createOutput(io, given.json ?? false);
      const name = displayPath(folder, io.cwd);
      const path = displayPath(writeReport(folder, { name, program: io.program }), io.cwd);
      output.say(path);
      output.emit({ run: name, report: path });
    });
}
