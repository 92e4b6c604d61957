import { Command, Option } from '@commander-js/extra-typings';
import { describeEngine } from '@xcp/backend/engines';
import { chooseConfig } from '../config/resolve';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import { memoryHere } from '../planning/memory-here';
import { parseBytes } from '../planning/parse-bytes';
import { plan } from '../planning/plan';
import { createOutput } from '../terminal/output';
import { interruptible } from '../training/interrupt';
import { options, wholeNumbers } from './shared-options';

/** Those that people ask about: CIFAR's, Keras's smallest, the reference's. */
const SIZES = [32, 71, 128, 299];

export function planCommand(context: Context) {
  return new Command('plan')
    .summary('tell what fits in memory and how long it takes')
    .description(
      'Tell which batch and micro-batch fit at which input size, the smallest input, and the time of an epoch, ' +
        'measured on this machine by a few training steps at each size.',
    )
    .addOption(options.preset())
    .addOption(options.config())
    .addOption(options.set())
    .addOption(
      new Option(
        '--memory <amount>',
        'plan for so much, such as 8GiB (default: what tensors may take here)',
      ).argParser(parseBytes),
    )
    .addOption(
      new Option('--sizes <list>', 'sides of the input in pixels')
        .argParser(wholeNumbers('32,71'))
        .default(SIZES, `${SIZES} and those of the configuration`),
    )
    .option('--no-measure', 'work out the memory alone, and train no steps')
    .addOption(options.engine().default('auto' as const))
    .addOption(options.device())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp plan --preset reference-299 --memory 8GiB')
    .action(async (given) => {
      const { io, services } = context;
      const output = createOutput(io, given.json ?? false);
      const { config } = chooseConfig(given, io.cwd);
      const engine = await chooseEngine(given, services.engines);
      output.say(`engine    ${describeEngine(engine)}`);
      const own =
        given.sizes === SIZES
          ? [...SIZES, config.data.size, ...config.data.progressive.map(({ size }) => size)]
          : given.sizes;
      const here = memoryHere(engine.name);
      const asked = { ...given, memory: given.memory, here, sizes: [...new Set(own)].sort((a, b) => a - b) };
      await interruptible(
        io,
        output,
        () => 'Nothing was changed.',
        (signal) => plan(config, asked, output, signal),
      );
    });
}
