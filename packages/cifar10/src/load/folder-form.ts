import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** In which form a folder holds the data set. */
export type FolderForm = 'binary' | 'python' | 'parquet';

/** What the files of each form are called, and the folder that an archive of it unpacks to. */
const FORMS: { form: FolderForm; file: RegExp; subfolder: string }[] = [
  { form: 'binary', file: /^(data_batch_\d|test_batch)\.bin$/, subfolder: 'cifar-10-batches-bin' },
  { form: 'python', file: /^(data_batch_\d|test_batch)$/, subfolder: 'cifar-10-batches-py' },
  { form: 'parquet', file: /\.parquet$/, subfolder: 'plain_text' },
];

/** Finds the form by the names of files in `directory` or below; the first that fits, and binary where none does. */
export async function findFolderForm(directory: string): Promise<{ form: FolderForm; path: string }> {
  for (const { form, file, subfolder } of FORMS) {
    for (const path of [directory, join(directory, subfolder)]) {
      const names = await readdir(path).catch(() => []);
      if (names.some((name) => file.test(name))) return { form, path };
    }
  }
  return { form: 'binary', path: directory };
}
