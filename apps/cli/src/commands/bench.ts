import { Command, Option } from '@commander-js/extra-typings';
import { engineNames } from '@xcp/backend/engines';
import { bench } from '../bench/bench';
import { chooseConfig } from '../config/resolve';
import type { Context } from '../context';
import { UserError } from '../errors';
import { outputFile, writeOutput } from '../run-folder/write-output';
import { createOutput } from '../terminal/output';
import { interruptible } from '../training/interrupt';
import { integer, options, positive, wholeNumbers } from './shared-options';

export function benchCommand(context: Context) {
  return new Command('bench')
    .summary('measure how fast this machine trains and infers')
    .description(
      'Measure the images per second of training steps and of inference on images made up. `--engine all` measures ' +
        'every engine that there is but cpu, in turn, each in a process of its own.',
    )
    .addOption(options.preset())
    .addOption(options.config())
    .addOption(options.set())
    .addOption(
      new Option('--engine <name>', 'what computes')
        .choices(['auto', 'all', ...engineNames] as const)
        .default('auto' as const),
    )
    .addOption(options.device())
    .addOption(
      new Option(
        '--batches <list>',
        'images at a time (default: 1, 8 and the batch of the configuration)',
      ).argParser(wholeNumbers('1,8,64')),
    )
    .addOption(
      new Option('--rounds <count>', 'how often everything is measured')
        .argParser(integer(1, 1000))
        .default(3),
    )
    .addOption(
      new Option('--seconds <count>', 'how long each measurement takes at least')
        .argParser(positive('a number of seconds'))
        .default(1),
    )
    .option('--out <file>', 'write the result there, as JSON')
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp bench --preset reference-32-adam --engine all --batches 8,64')
    .action(async (given) => {
      const { io } = context;
      const output = createOutput(io, given.json ?? false);
      const { config } = chooseConfig(given, io.cwd);
      if (given.engine === 'all' && given.device !== undefined) {
        throw new UserError(`--device: goes with one engine, received --engine all`);
      }
      const file = outputFile('--out', given.out, io.cwd);
      const batches = given.batches ?? [...new Set([1, 8, config.batchSize])];
      const result = await interruptible(
        io,
        output,
        () => 'Nothing was changed.',
        (signal) => bench(config, { ...given, batches }, context, output, signal),
      );
      if (file) writeOutput(file, `${JSON.stringify(result, null, 2)}\n`);
      output.emit(result);
    });
}
