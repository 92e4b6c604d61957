import { rm } from 'node:fs/promises';
import type { DataFile } from '../manifest';
import { fillingCache, readCached, removeCached, type Workplace } from './cache';
import { readFolder } from './directory-source';
import { fetchMissing } from './fetch-missing';
import type { Place } from './joined';
import type { LoadEnvironment } from './load-data-set';
import { isReadInPlace, type ResolvedSource } from './source';
import { trySources } from './try-sources';

/**
 * Brings what is missing from one source after the other into the cache; throws if something remains.
 *
 * One process does so at a time: another waits, and finds the files in the cache.
 */
export async function fillCache(
  sources: readonly ResolvedSource[],
  missing: Set<DataFile>,
  environment: LoadEnvironment,
  place: Place,
): Promise<void> {
  const { cacheDir, report } = environment;
  const work = async (workplace: Workplace) => {
    const context = { ...environment, ...workplace, place };
    const attempt = (source: ResolvedSource, minSpeed: number) =>
      isReadInPlace(source)
        ? readFolder(source.path, missing, context)
        : fetchMissing(source, missing, { ...context, minSpeed });
    await placeWhatOthersBrought(missing, environment, place);
    const failure = `the data set could not be brought into ${cacheDir}`;
    if (missing.size > 0) await trySources(sources, attempt, { ...context, failure });
    await rm(workplace.downloads, { recursive: true, force: true });
  };
  const onWait = (holder: string) =>
    report({ phase: 'wait', source: 'cache', message: `${holder} is filling ${cacheDir}` });
  await fillingCache(cacheDir, work, { subject: 'loadCifar10', signal: environment.signal, onWait });
}

/** Looks again, now that nobody else writes: places what is proved, and removes what is not. */
async function placeWhatOthersBrought(
  missing: Set<DataFile>,
  { cacheDir, report, signal }: LoadEnvironment,
  place: Place,
): Promise<void> {
  for (const file of missing) {
    const cached = await readCached(cacheDir, file, signal);
    if (!cached) continue;
    if ('bytes' in cached) {
      place(file, cached.bytes);
      missing.delete(file);
      continue;
    }
    report({
      phase: 'failed',
      source: 'cache',
      message: `${file.name} ${cached.fault}; it is fetched again`,
    });
    await removeCached(cacheDir, file);
  }
}
