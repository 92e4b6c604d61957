import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './fake-data-set';
import { resolveSource } from './source';

describe('resolveSource', () => {
  it('tells keywords, folders, archives and addresses apart', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'archive.tar.gz');
    await writeFile(file, '');
    const url = 'https://example.org/archive.tar.gz';
    expect(await resolveSource('npm')).toEqual({ kind: 'npm' });
    expect(await resolveSource('official')).toEqual({ kind: 'official' });
    expect(await resolveSource(folder)).toEqual({ kind: 'directory', form: 'binary', path: folder });
    expect(await resolveSource({ directory: folder })).toEqual({
      kind: 'directory',
      form: 'binary',
      path: folder,
    });
    expect(await resolveSource(url)).toEqual({ kind: 'archive', url });
    expect(await resolveSource({ archive: new URL(url) })).toEqual({ kind: 'archive', url });
    for (const archive of [file, pathToFileURL(file)]) {
      expect(await resolveSource({ archive })).toEqual({ kind: 'archive', path: file });
    }
  });

  it('rejects what is not there, or is not what it is said to be', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'file');
    await writeFile(file, '');
    const missing = join(folder, 'missing');
    for (const source of [missing, { directory: missing }, { archive: missing }]) {
      await expect(resolveSource(source)).rejects.toThrow(`nothing can be read at ${missing}`);
    }
    await expect(resolveSource({ directory: file })).rejects.toThrow('is a file; if it is an archive, pass');
    await expect(resolveSource({ archive: folder })).rejects.toThrow(
      'is a folder; pass it as `source: { directory }`',
    );
    await expect(resolveSource({ dir: folder } as never)).rejects.toThrow('did you mean `directory`?');
    for (const source of [null, 3, {}, { directory: folder, archive: file }]) {
      await expect(resolveSource(source as never)).rejects.toThrow(
        "`source` must be 'npm', 'official', 'huggingface', 'official-python', a path",
      );
    }
  });
});
