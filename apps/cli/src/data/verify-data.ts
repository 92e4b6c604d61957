import type { Context } from '../context';
import type { Output } from '../terminal/output';
import { dataFolder } from './data-folder';

/** Says of each file whether it is proved; false if one is not. */
export async function verifyData(
  given: { folder?: string | undefined; cacheDir?: string },
  { io, services }: Context,
  output: Output,
): Promise<boolean> {
  const directory = dataFolder(given, io.cwd);
  const files = await services.verifyCifar10({ directory });
  const unproved = files.filter(({ state }) => state !== 'proved');
  output.say(directory);
  for (const { name, state, fault } of files)
    output.say(`  ${name}  ${state}${fault ? `: it ${fault}` : ''}`);
  output.say(
    unproved.length === 0
      ? 'All files are proved.'
      : `${unproved.length} of ${files.length} files are not proved; ${io.program} data get fetches them into the cache.`,
  );
  output.emit({ directory, proved: unproved.length === 0, files });
  return unproved.length === 0;
}
