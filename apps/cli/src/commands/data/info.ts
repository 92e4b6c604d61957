import { Command } from '@commander-js/extra-typings';
import type { Context } from '../../context';
import { dataInfo } from '../../data/data-info';
import { createOutput } from '../../terminal/output';
import { options } from '../shared-options';

export function dataInfoCommand(context: Context) {
  return new Command('info')
    .summary('what CIFAR-10 is and where it lies')
    .description('Counts, statistics per channel, hashes, and where the data lies. Fetches nothing.')
    .argument('[folder]', 'a folder with the six .bin files (default: the cache)')
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp data info --json')
    .action((folder, given) =>
      dataInfo({ ...given, folder }, context, createOutput(context.io, given.json ?? false)),
    );
}
