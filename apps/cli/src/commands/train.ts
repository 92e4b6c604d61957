import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { onRanks } from '../ranks/on-ranks';
import { createOutput } from '../terminal/output';
import { dryTrain } from '../training/dry-train';
import { trainRun } from '../training/train-run';
import { options } from './shared-options';

export function trainCommand(context: Context) {
  return new Command('train')
    .summary('train a network')
    .description('Train a network from its first step to its test accuracy, in a folder of its own.')
    .addOption(options.preset())
    .addOption(options.config())
    .addOption(options.set())
    .option('--out <folder>', 'the folder of the run (default: runs/<preset>-<date>-<time>)')
    .option(
      '--dry-run',
      'tell the configuration, the network, the memory and the time it takes; train nothing',
    )
    .option(
      '--init <path>',
      'begin with the weights of a run (its best), a checkpoint, a model, a file of Keras (.h5, .keras) or of safetensors, or those that ship with xcp: cifar10',
    )
    .addOption(
      new Option('--init-head <how>', 'the last layer: as in --init, or drawn anew').choices([
        'keep',
        'fresh',
      ] as const),
    )
    .addOption(
      new Option(
        '--init-schedule <how>',
        'the schedule: from its first step, or from the step of the checkpoint',
      ).choices(['fresh', 'continue'] as const),
    )
    .addOption(options.engine().default('auto' as const))
    .addOption(options.device())
    .addOption(options.data())
    .addOption(options.cacheDir())
    .addOption(options.workers())
    .addOption(options.mpi())
    .addOption(options.mpiCompression())
    .option('--open', 'show the run in the browser as it goes on')
    .addOption(options.json())
    .addOption(options.verbose())
    .addHelpText(
      'after',
      '\n`xcp config` explains every key of the configuration.\n\nExample:\n  $ xcp train --preset quickstart --set epochs=10 --set optimizer.weightDecay=0.001',
    )
    .action(async (given) => {
      const output = createOutput(context.io, given.json ?? false);
      const run = given.dryRun ? dryTrain : trainRun;
      await onRanks(given, context, output, async (...on) => void (await run(given, ...on)));
    });
}
