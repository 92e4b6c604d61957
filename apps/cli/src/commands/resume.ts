import { Command } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { onRanks } from '../ranks/on-ranks';
import { createOutput } from '../terminal/output';
import { resumeRun } from '../training/resume-run';
import { options } from './shared-options';

export function resumeCommand(context: Context) {
  return new Command('resume')
    .summary('continue a run that was stopped')
    .description(
      'Continue a run from its newest checkpoint, exactly as if it had never been stopped. ' +
        'A finished run can be trained further with --set epochs=N where its schedule does not depend on it.',
    )
    .argument('<run>', 'the folder of the run')
    .addOption(options.set())
    .addOption(options.engine())
    .addOption(options.device())
    .addOption(options.data())
    .addOption(options.cacheDir())
    .addOption(options.workers())
    .addOption(options.mpi())
    .addOption(options.mpiCompression())
    .option('--open', 'show the run in the browser as it goes on')
    .addOption(options.json())
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp resume runs/quickstart-20261124-090507')
    .action(async (run, given) => {
      const output = createOutput(context.io, given.json ?? false);
      await onRanks(given, context, output, (...on) => resumeRun(run, given, ...on));
    });
}
