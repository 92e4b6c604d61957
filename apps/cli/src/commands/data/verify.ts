import { Command } from '@commander-js/extra-typings';
import type { Context } from '../../context';
import { verifyData } from '../../data/verify-data';
import { createOutput } from '../../terminal/output';
import { options } from '../shared-options';

export function dataVerifyCommand(context: Context) {
  return new Command('verify')
    .summary('prove the files of CIFAR-10')
    .description(
      'Read the six files and compare their SHA-256. Fetches and changes nothing; ends with 1 if one is not proved.',
    )
    .argument('[folder]', 'a folder with the six .bin files (default: the cache)')
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp data verify ~/cifar-10-batches-bin')
    .action(async (folder, given) => {
      const output = createOutput(context.io, given.json ?? false);
      if (!(await verifyData({ ...given, folder }, context, output))) context.exitCode = 1;
    });
}
