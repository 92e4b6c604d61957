import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { createOutput } from '../terminal/output';
import { evalRun } from '../training/eval-run';
import { options } from './shared-options';

export function evalCommand(context: Context) {
  return new Command('eval')
    .summary('evaluate the model of a run')
    .description('Evaluate the exported model of a run, in all and per class.')
    .argument('<run>', 'the folder of the run')
    .addOption(
      new Option('--split <name>', 'which images')
        .choices(['test', 'validation'] as const)
        .default('test' as const),
    )
    .addOption(
      new Option('--without <file>', "leave out the test images that a list of ciFAIR's names (repeatable)")
        .argParser((file: string, earlier: string[]) => [...earlier, file])
        .default([] as string[], 'none'),
    )
    .addOption(options.engine())
    .addOption(options.data())
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp eval runs/quickstart-20261124-090507 --split validation')
    .action(async (run, given) => {
      await evalRun(run, given, context, createOutput(context.io, given.json ?? false));
    });
}
