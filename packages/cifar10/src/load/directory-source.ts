import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFile } from '../manifest';
import { isMissing } from './file-errors';
import { faultOf } from './prove';

/** The official archive unpacks into a folder of this name. */
const UNPACKED_FOLDER = 'cifar-10-batches-bin';

/** Reads and proves `file` in a folder that a user named, or in the folder that the official archive unpacks to. */
export async function readFromDirectory(
  directory: string,
  file: DataFile,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  for (const path of [join(directory, file.name), join(directory, UNPACKED_FOLDER, file.name)]) {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path, { signal });
    } catch (error) {
      if (isMissing(error)) continue;
      throw error;
    }
    const fault = faultOf(bytes, file);
    if (fault) {
      throw new Error(
        `loadCifar10: ${path} ${fault}; it is cut or altered: copy it again, or leave out \`source\` to have the data fetched`,
      );
    }
    return bytes;
  }
  throw new Error(
    `loadCifar10: ${directory} must hold ${file.name}, or ${UNPACKED_FOLDER}/${file.name}, and has neither; the six .bin files come from cifar-10-binary.tar.gz (the form for C programs, not the one for Python)`,
  );
}
