import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishedFile } from '../../manifest';
import { fillingCache, hasLeftovers, type Workplace } from '../cache';
import { downloadProved } from '../download-archive';
import { isMissing, StorageError, storing } from '../file-errors';
import { hashFile } from '../hash-file';
import type { Report } from '../progress';
import type { TransferLimits } from '../transfer-watch';

/** What finding the archive depends on, all of it handed in. */
export interface ArchiveEnvironment extends TransferLimits {
  readonly archive: PublishedFile;
  readonly cacheDir: string;
  readonly fetch: typeof fetch;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

const NAME = 'cifar-100-python.tar.gz';

/** The path of the archive, proved: in the cache, into which it is downloaded where it is not there or damaged. */
export async function cachedArchive(environment: ArchiveEnvironment): Promise<string> {
  const { cacheDir, report, signal } = environment;
  const path = join(cacheDir, NAME);
  const fetchIt = async ({ downloads, signal }: Workplace) => {
    const fault = await faultOfArchive(path, environment);
    if (fault) {
      if (fault !== 'missing') {
        report({ phase: 'failed', source: 'cache', message: `${fault}; it is fetched again` });
        await storing(rm(path, { force: true }));
      }
      await storing(rename(await downloaded(environment, { downloads, signal }), path));
    }
    await rm(downloads, { recursive: true, force: true });
  };
  const onWait = (holder: string) =>
    report({ phase: 'wait', source: 'cache', message: `${holder} is filling ${cacheDir}` });
  const filling = () => fillingCache(cacheDir, fetchIt, { subject: 'loadCifar100', signal, onWait });
  if (await faultOfArchive(path, environment)) await filling();
  // It need not succeed: the cache may lie where nothing can be written.
  else if (await hasLeftovers(cacheDir)) await filling().catch(() => {});
  return path;
}

async function downloaded(
  environment: ArchiveEnvironment,
  place: Pick<Workplace, 'downloads' | 'signal'>,
): Promise<string> {
  try {
    return await downloadProved(environment.archive, 'official', { ...environment, ...place });
  } catch (cause) {
    place.signal.throwIfAborted();
    if (cause instanceof StorageError) throw cause;
    throw new Error(
      `loadCifar100: the archive could not be brought into ${environment.cacheDir}: ${(cause as Error).message}; to bring it by hand, put ${NAME} on this machine and pass its path as \`archive\``,
      { cause },
    );
  }
}

/** What is wrong with the file at `path` as a copy of the archive, or nothing. */
export async function faultOfArchive(
  path: string,
  { archive: { size, sha256 }, signal }: Pick<ArchiveEnvironment, 'archive' | 'signal'>,
): Promise<string | undefined> {
  try {
    const received = (await stat(path)).size;
    if (received !== size) return `${path} must be ${size} bytes, received ${received}`;
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
  const received = await hashFile(path, 'sha256', 'hex', signal);
  return received === sha256 ? undefined : `${path} must have the SHA-256 ${sha256}, received ${received}`;
}
