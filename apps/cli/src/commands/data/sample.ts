import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../../context';
import { sampleData } from '../../data/sample-data';
import { createOutput } from '../../terminal/output';
import { integer, options } from '../shared-options';

const MOST = 2 ** 32 - 1;

export function dataSampleCommand(context: Context) {
  return new Command('sample')
    .summary('draw a sheet of images')
    .description(
      'Write a PNG with a row of images for each class, from top to bottom in the order of the labels.',
    )
    .option('--out <file>', 'the PNG', 'sheet.png')
    .addOption(
      new Option('--split <name>', 'which images')
        .choices(['train', 'test'] as const)
        .default('train' as const),
    )
    .addOption(new Option('--columns <count>', 'images of each class').argParser(integer(1, 100)).default(10))
    .addOption(
      new Option('--scale <factor>', 'pixels of the sheet for a pixel of an image')
        .argParser(integer(1, 16))
        .default(2),
    )
    .addOption(
      new Option('--seed <number>', 'which images, and how they are varied')
        .argParser(integer(0, MOST))
        .default(0),
    )
    .addOption(
      new Option('--epoch <number>', 'the epoch in which they are varied')
        .argParser(integer(0, MOST))
        .default(0),
    )
    .addOption(
      new Option('--augment <key=value>', 'vary the images (repeatable): flip, crop, randAugment, mixup, …')
        .argParser((text: string, earlier: string[]) => [...earlier, text])
        .default([] as string[], 'none'),
    )
    .addOption(options.data())
    .addOption(options.cacheDir())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText(
      'after',
      '\nExample:\n  $ xcp data sample --out sheet.png --augment flip=random --augment crop.padding=4 --augment crop.mode=zero',
    )
    .action((given) => sampleData(given, context, createOutput(context.io, given.json ?? false)));
}
