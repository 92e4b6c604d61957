import { Command } from '@commander-js/extra-typings';
import type { Context } from '../../context';
import { getData } from '../../data/get-data';
import { createOutput } from '../../terminal/output';
import { options } from '../shared-options';

export function dataGetCommand(context: Context) {
  return new Command('get')
    .summary('fetch CIFAR-10 into the cache')
    .description('Fetch CIFAR-10 into the cache, each file proved by its SHA-256; what is there stays.')
    .addOption(options.data())
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp data get --data npm')
    .action((given) => getData(given, context, createOutput(context.io, given.json ?? false)));
}
