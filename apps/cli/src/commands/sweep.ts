import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { sweep } from '../sweep/sweep';
import { createOutput } from '../terminal/output';
import { integer, options } from './shared-options';

export function sweepCommand(context: Context) {
  return new Command('sweep')
    .summary('try many configurations')
    .description(
      'Train every configuration of a grid, or some drawn at random, each a run of its own that can be resumed. ' +
        'Called again, it does what is missing. The file is JSON, comments allowed: `preset`, `config` for all runs, ' +
        'and either `grid` or `random` with values by dotted keys.',
    )
    .argument('<file>', 'the sweep')
    .requiredOption('--out <folder>', 'the folder of the runs')
    .addOption(new Option('--jobs <count>', 'runs at a time').argParser(integer(1, 1024)).default(1))
    .addOption(
      new Option(
        '--index <number>',
        'do this run alone, from 0 (default: what Slurm or Kubernetes says)',
      ).argParser(integer(0, 1_000_000)),
    )
    .option('--slurm <file>', 'write a script for sbatch instead of running')
    .option('--kubernetes <file>', 'write an Indexed Job instead of running')
    .option('--image <name>', 'the image of the pods, with xcp in it', 'xcp')
    .option('--claim <name>', 'the volume claim that the pods share, with the file in it', 'xcp-sweep')
    .addOption(options.engine())
    .addOption(options.device())
    .addOption(options.data())
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText(
      'after',
      '\nExample, where rates.json holds {"config": {"epochs": 3}, "grid": {"schedule.maxLearningRate": [0.3, 1], "seed": [0, 1]}}:\n' +
        '  $ xcp sweep rates.json --out sweeps/rates --jobs 2',
    )
    .action(async (file, given) => {
      const failed = await sweep(file, given, context, createOutput(context.io, given.json ?? false));
      if (failed) context.exitCode = 1;
    });
}
