import { CIFAR10_FILES, channelStatistics, type LabeledImages } from '@xcp/cifar10';
import Table from 'cli-table3';
import type { Context } from '../context';
import { UserError } from '../errors';
import { formatCount } from '../terminal/format';
import type { Output } from '../terminal/output';
import { dataFolder } from './data-folder';

/** What there is of one of the two sets. */
interface SetFacts {
  images: number;
  perClass: number[];
  mean: number[];
  std: number[];
}

/**
 * Says what the data set is and where it lies.
 *
 * @throws UserError where a file is missing or damaged: nothing is fetched.
 */
export async function dataInfo(
  given: { folder?: string | undefined; cacheDir?: string },
  { io, services }: Context,
  output: Output,
): Promise<void> {
  const directory = dataFolder(given, io.cwd);
  const unproved = (await services.verifyCifar10({ directory })).find(({ state }) => state !== 'proved');
  if (unproved) {
    throw new UserError(
      `data: ${unproved.path} ${unproved.fault ?? 'is missing'}; ${io.program} data get fetches it into the cache`,
    );
  }
  const { train, test, classNames } = await services.loadCifar10({ source: { directory } });
  const sets = { train: factsOf(train, classNames.length), test: factsOf(test, classNames.length) };
  const { height, width, channels } = train;
  const files = CIFAR10_FILES.map(({ name, size, sha256 }) => ({ name, size, sha256 }));

  output.say(`CIFAR-10: images of ${height}×${width}×${channels} bytes in ${classNames.length} classes`);
  output.say(`\n${setTable(sets)}`);
  output.say(`\n${classTable(sets, classNames)}`);
  output.say(`\n${directory}`);
  for (const { name, sha256 } of files) output.say(`  ${name}  SHA-256 ${sha256}`);
  output.emit({ directory, shape: [height, width, channels], classNames, ...sets, files });
}

function factsOf(set: LabeledImages, classes: number): SetFacts {
  const perClass = new Array<number>(classes).fill(0);
  for (const label of set.labels) perClass[label]!++;
  return { images: set.length, perClass, ...channelStatistics(set) };
}

const style = { head: [], border: [], compact: true };
const five = (values: number[]) => values.map((value) => value.toFixed(5)).join(' ');

/** Statistics are of red, green and blue, for pixels in 0…1. */
function setTable(sets: Record<string, SetFacts>): string {
  const table = new Table({
    head: ['set', 'images', 'mean (red, green, blue)', 'standard deviation'],
    colAligns: ['left', 'right', 'left', 'left'],
    style,
  });
  for (const [name, { images, mean, std }] of Object.entries(sets)) {
    table.push([name, formatCount(images), five(mean), five(std)]);
  }
  return table.toString();
}

function classTable({ train, test }: Record<'train' | 'test', SetFacts>, names: readonly string[]): string {
  const table = new Table({
    head: ['label', 'class', 'train', 'test'],
    colAligns: ['right', 'left', 'right', 'right'],
    style,
  });
  names.forEach((name, label) => {
    table.push([label, name, formatCount(train.perClass[label]!), formatCount(test.perClass[label]!)]);
  });
  return table.toString();
}
