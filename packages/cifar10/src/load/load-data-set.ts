import type { Cifar10 } from '../labeled-images';
import type { DataFile, Manifest } from '../manifest';
import { hasLeftovers, readCached } from './cache';
import { readFolder } from './directory-source';
import { fillCache } from './fill-cache';
import { joined, type Place } from './joined';
import type { NpmPack } from './npm-pack';
import { type Report, verifyEach } from './progress';
import { type FolderSource, isReadInPlace, type ResolvedSource } from './source';
import type { TransferLimits } from './transfer-watch';
import { trySources } from './try-sources';

/** What loading depends on, all of it handed in. */
export interface LoadEnvironment extends TransferLimits {
  readonly manifest: Manifest;
  readonly cacheDir: string;
  readonly fetch: typeof fetch;
  readonly npmPack: NpmPack;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/** Loads the data set from the cache and, for what it lacks, from `sources` in their order; see `loadCifar10`. */
export async function loadDataSet(
  sources: readonly ResolvedSource[],
  environment: LoadEnvironment,
): Promise<Cifar10> {
  const { files } = environment.manifest;
  const { data, place } = joined(files);
  const missing = new Set(files);

  if (sources.every(isReadInPlace)) {
    await readFolders(sources, missing, environment, place);
  } else {
    await placeCached(missing, environment, place);
    const filling = () => fillCache(sources, missing, environment, place);
    if (missing.size > 0) await filling();
    // It need not succeed: a full cache may lie where nothing can be written.
    else if (await hasLeftovers(environment.cacheDir)) await filling().catch(() => {});
  }
  return data;
}

/** Whoever names nothing but folders wants these read, so the cache is neither asked nor needed. */
async function readFolders(
  sources: readonly FolderSource[],
  missing: Set<DataFile>,
  environment: LoadEnvironment,
  place: Place,
): Promise<void> {
  const attempt = ({ path }: FolderSource) => readFolder(path, missing, { ...environment, place });
  await trySources(sources, attempt, { ...environment, failure: 'the data set could not be read' });
}

/** Places every cached file that is proved, and takes it out of `missing`. */
async function placeCached(
  missing: Set<DataFile>,
  { cacheDir, report, signal }: LoadEnvironment,
  place: Place,
): Promise<void> {
  await verifyEach([...missing], { source: 'cache', report, signal }, async (file) => {
    const cached = await readCached(cacheDir, file, signal);
    if (!cached || !('bytes' in cached)) return false;
    place(file, cached.bytes);
    return missing.delete(file);
  });
}
