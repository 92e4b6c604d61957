import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { PublishedFile } from '../manifest';
import { type DownloadOptions, download } from './download';
import { hashFile } from './hash-file';
import { discardPart } from './part-file';
import type { Report, SourceName } from './progress';
import type { TransferLimits } from './transfer-watch';

/** What a download depends on. */
export type DownloadContext = Pick<DownloadOptions, 'fetch' | 'signal' | keyof TransferLimits> & {
  /** The folder in which it lies until it is whole. */
  readonly downloads: string;
  readonly report: Report;
};

/** Each address has a file of its own among the downloads. */
const pathFor = (downloads: string, url: string) =>
  join(downloads, `${createHash('sha256').update(url).digest('hex').slice(0, 16)}.part`);

/** Downloads an archive of which nothing is known, and gives its path. */
export async function downloadArchive(
  url: string,
  source: SourceName,
  context: DownloadContext,
): Promise<string> {
  const path = pathFor(context.downloads, url);
  await begin(url, path, source, context);
  return path;
}

/** Downloads an archive whose size and SHA-256 are known, and gives its path; throws if it is another. */
export async function downloadProved(
  { url, size, sha256 }: PublishedFile,
  source: SourceName,
  context: DownloadContext,
): Promise<string> {
  const path = pathFor(context.downloads, url);
  for (;;) {
    const isResumed = await begin(url, path, source, context, size);
    const received = await hashFile(path, 'sha256', 'hex', context.signal);
    if (received === sha256) return path;
    await discardPart(path);
    const fault = `${url} must have the SHA-256 ${sha256}, received ${received}`;
    if (!isResumed) throw new Error(fault);
    const message = `${fault}; what was kept of an earlier download is damaged, it is fetched from the beginning`;
    context.report({ phase: 'failed', source, message });
  }
}

function begin(url: string, path: string, source: SourceName, context: DownloadContext, size?: number) {
  const onProgress = (loaded: number, total?: number) =>
    context.report({ phase: 'download', source, loaded, total, message: url });
  return download(url, path, { ...context, size, onProgress });
}
