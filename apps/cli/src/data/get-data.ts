import type { Context } from '../context';
import { formatCount } from '../terminal/format';
import type { Output } from '../terminal/output';
import { interruptible } from '../training/interrupt';
import { dataOptions, loadData } from '../training/load-data';
import { dataFolder } from './data-folder';

/** Loads the data set, which fetches what the cache lacks, and says where it is. */
export async function getData(
  given: { data?: string; cacheDir?: string },
  context: Context,
  output: Output,
): Promise<void> {
  const { io } = context;
  const wanted = dataOptions(given, io.cwd);
  const hint = () => 'What is in the cache is whole; the next call goes on from there.';
  const { train, test } = await interruptible(io, output, hint, (signal) =>
    loadData(wanted, context, output, signal),
  );
  const folder = dataFolder(given, io.cwd);
  output.say(
    `CIFAR-10 is there and proved: ${formatCount(train.length)} training images, ${formatCount(test.length)} test.`,
  );
  // A folder that was named is read where it lies, and not copied.
  const isCached = (await context.services.verifyCifar10({ directory: folder })).every(
    ({ state }) => state === 'proved',
  );
  output.say(
    isCached
      ? `cache   ${folder}`
      : `read    ${wanted.source}, where it lies; it is not copied into the cache`,
  );
  output.emit({ train: train.length, test: test.length, cacheDir: isCached ? folder : null });
}
