import { Command, Option } from '@commander-js/extra-typings';
import { chooseConfig } from '../config/resolve';
import type { Context } from '../context';
import { engineOptions } from '../engines/engine-options';
import { UserError } from '../errors';
import { findRate, rangeTestLines } from '../lr-find/find-rate';
import { ratePage } from '../lr-find/rate-page';
import { displayPath } from '../run-folder/display-path';
import { outputFile, writeOutput } from '../run-folder/write-output';
import { createOutput } from '../terminal/output';
import { checkRunConfig } from '../training/check-run-config';
import { interruptible } from '../training/interrupt';
import { dataOptions } from '../training/load-data';
import { withPrepared } from '../training/prepare';
import { integer, options, positive } from './shared-options';

export function lrFindCommand(context: Context) {
  return new Command('lr-find')
    .summary('find the learning rate')
    .description(
      'Train for a few steps while the learning rate rises, and tell at which rates the loss falls. No run is made.',
    )
    .addOption(options.preset())
    .addOption(options.config())
    .addOption(options.set())
    .addOption(new Option('--min <rate>', 'the first rate').argParser(positive()).default(1e-5))
    .addOption(new Option('--max <rate>', 'the last rate').argParser(positive()).default(10))
    .addOption(
      new Option('--steps <count>', 'steps from one to the other')
        .argParser(integer(10, 100_000))
        .default(100),
    )
    .option('--html <file>', 'write the curve as a page')
    .addOption(options.engine().default('auto' as const))
    .addOption(options.device())
    .addOption(options.data())
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp lr-find --preset quickstart --html rates.html')
    .action(async (given) => {
      const { io } = context;
      const output = createOutput(io, given.json ?? false);
      const { preset, config } = chooseConfig(given, io.cwd);
      checkRunConfig(config);
      if (given.min >= given.max) {
        throw new UserError(`--max: must be above --min ${given.min}, received ${given.max}`);
      }
      const page = outputFile('--html', given.html, io.cwd);
      const choice = { ...engineOptions(given), data: dataOptions(given, io.cwd) };
      const result = await interruptible(
        io,
        output,
        () => 'Nothing was changed.',
        (signal) =>
          withPrepared(config, choice, context, output, signal, (prepared) =>
            findRate(prepared, config, given, output, signal),
          ),
      );
      for (const line of rangeTestLines(result, io.stdout.columns ?? 80)) output.say(line);
      output.emit({ preset, ...result });
      if (!page) return;
      writeOutput(page, ratePage(config.name, result));
      output.say(displayPath(page.path, io.cwd));
    });
}
