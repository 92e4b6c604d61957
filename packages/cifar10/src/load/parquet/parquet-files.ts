import { createHash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import type { DataFile } from '../../manifest';
import { RECORD_BYTES } from '../../records';
import type { ArchiveRequest, CandidateFile } from '../archive-files';
import { hashFile } from '../hash-file';
import { fileBuffer } from './file-buffer';
import { readImageRows } from './image-rows';
import { rowsToRecords } from './rows-to-records';

/** So many rows are decoded between two looks at the signal. */
const ROWS_AT_ONCE = 500;

/**
 * The wanted files in one of the parquet files of PNG images that Hugging Face has; throws for any other file.
 *
 * It tells not which batch a row is from, and its batches are in another order: so each run of rows is hashed, and is
 * the file that has this hash. Throws if rows are those of no file.
 */
export async function* parquetFiles(request: ArchiveRequest): AsyncGenerator<CandidateFile> {
  const { path, signal } = request;
  const { files } = request.manifest;
  const wanted = new Set(request.wanted);
  await checkIsPublished(request);
  const handle = await open(path);
  try {
    const file = fileBuffer(handle, (await handle.stat()).size);
    const metadata = await parquetMetadataAsync(file);
    const total = checkedRows(metadata, files);
    const unseen = new Set(files);
    for (let start = 0; start < total && wanted.size > 0; ) {
      const candidate = await nextFile(file, metadata, start, total, unseen, signal);
      unseen.delete(candidate.file);
      start += candidate.file.size / RECORD_BYTES;
      if (wanted.delete(candidate.file)) yield candidate;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(`${path} cannot be read as a parquet file of CIFAR-10: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await handle.close();
  }
}

/** The wanted files in the parquet files of a folder. */
export async function* parquetFolderFiles(request: ArchiveRequest): AsyncGenerator<CandidateFile> {
  const names = (await readdir(request.path)).filter((name) => name.endsWith('.parquet'));
  const wanted = new Set(request.wanted);
  for (const name of names.sort()) {
    if (wanted.size === 0) return;
    for await (const candidate of parquetFiles({ ...request, wanted, path: join(request.path, name) })) {
      wanted.delete(candidate.file);
      yield candidate;
    }
  }
}

/** hyparquet can be sent into an endless loop by a damaged file, so it sees none that is not proved. */
async function checkIsPublished({ path, manifest, signal }: ArchiveRequest): Promise<void> {
  const sha256 = await hashFile(path, 'sha256', 'hex', signal);
  if (manifest.parquet.some((file) => file.sha256 === sha256)) return;
  throw new Error(
    `${path} must be a parquet file of uoft-cs/cifar10, known by its SHA-256, received ${sha256}; it is altered, or of another data set or version`,
  );
}

function checkedRows({ num_rows }: FileMetaData, files: readonly DataFile[]): number {
  const most = files.reduce((sum, { size }) => sum + size / RECORD_BYTES, 0);
  if (num_rows < 1n || num_rows > BigInt(most)) {
    throw new Error(`it must have 1 to ${most} rows, received ${num_rows}`);
  }
  return Number(num_rows);
}

/** The file whose records are the rows from `start` on. */
async function nextFile(
  file: AsyncBuffer,
  metadata: FileMetaData,
  start: number,
  total: number,
  unseen: ReadonlySet<DataFile>,
  signal?: AbortSignal,
): Promise<CandidateFile> {
  const sizes = [...new Set([...unseen].map(({ size }) => size))].sort((a, b) => a - b);
  const fitting = sizes.filter((size) => start + size / RECORD_BYTES <= total);
  const records = new Uint8Array(fitting.at(-1) ?? 0);
  let done = 0;
  for (const size of fitting) {
    const count = size / RECORD_BYTES;
    while (done < count) {
      signal?.throwIfAborted();
      const end = Math.min(done + ROWS_AT_ONCE, count);
      rowsToRecords(await readImageRows(file, metadata, start + done, start + end), records, done);
      done = end;
    }
    const bytes = records.subarray(0, size);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const found = [...unseen].find((file) => file.size === size && file.sha256 === sha256);
    if (found) return { file: found, bytes };
  }
  throw new Error(
    `the rows from ${start} on are no file of the data set; is it altered, or another data set?`,
  );
}
