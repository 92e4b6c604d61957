import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFile } from '../manifest';
import type { ArchiveRequest, CandidateFile } from './archive-files';
import { batchToRecords } from './pickle/batch-records';
import { tarMembers } from './tar-members';

/** Beside the records a batch has the names of 10,000 files. */
const MAX_BATCH_GROWTH = 2;

/** A batch of Python has the name of the binary file without its ending. */
export const batchName = ({ name }: DataFile) => name.replace(/\.bin$/, '');

/** The wanted files, converted from the pickles in a copy of cifar-10-python.tar.gz. */
export async function* pythonFiles({ path, wanted, signal }: ArchiveRequest): AsyncGenerator<CandidateFile> {
  const byName = new Map([...wanted].map((file) => [batchName(file), file]));
  const maxSize = (name: string) => {
    const file = byName.get(name);
    return file && file.size * MAX_BATCH_GROWTH;
  };
  for await (const { name, bytes } of tarMembers(path, maxSize, signal)) {
    yield { file: byName.get(name)!, bytes: batchToRecords(name, bytes) };
  }
}

/** The wanted files, converted from the pickles in a folder. */
export async function* pythonFolderFiles({
  path,
  wanted,
  signal,
}: ArchiveRequest): AsyncGenerator<CandidateFile> {
  for (const file of wanted) {
    const batch = join(path, batchName(file));
    yield { file, bytes: batchToRecords(batch, await readFile(batch, { signal })) };
  }
}
