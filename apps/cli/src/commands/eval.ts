import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { createOutput } from '../terminal/output';
import { evalRun } from '../training/eval-run';
import { integer, options, whatAModelIs } from './shared-options';

export function evalCommand(context: Context) {
  return new Command('eval')
    .summary('evaluate what was trained')
    .description('Evaluate a run, a checkpoint or an exported model on CIFAR-10, in all and per class.')
    .argument('<model>', whatAModelIs)
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
    .option('--mirror', "average over every image's mirror image too (default: as the run does)")
    .option('--no-mirror', 'do not')
    .addOption(
      new Option('--shift <pixels>', 'average over the image moved in four directions too').argParser(
        integer(0, 1000),
      ),
    )
    .option('--confusion', 'print which classes are taken for which')
    .addOption(options.engine())
    .addOption(options.device())
    .addOption(options.data())
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp eval runs/quickstart-20261124-090507 --split validation')
    .action(async (run, given) => {
      await evalRun(run, given, context, createOutput(context.io, given.json ?? false));
    });
}
