import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFile } from '../manifest';
import { isMissing } from './file-errors';
import type { Place } from './joined';
import { type Report, verifyEach } from './progress';
import { faultOf } from './prove';

/** The official archive unpacks into a folder of this name. */
const UNPACKED_FOLDER = 'cifar-10-batches-bin';

/** Takes what is missing from a folder that a user named, proved and not copied; throws if anything remains. */
export async function readFolder(
  directory: string,
  missing: Set<DataFile>,
  { place, report, signal }: { place: Place; report: Report; signal?: AbortSignal },
): Promise<void> {
  await verifyEach([...missing], { source: 'directory', report, signal }, async (file) => {
    place(file, await readFromDirectory(directory, file, signal));
    missing.delete(file);
    return true;
  });
}

/** Reads and proves `file` in a folder that a user named, or in the folder that the official archive unpacks to. */
async function readFromDirectory(
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
        `${path} ${fault}; it is cut or altered: copy it again, or leave out \`source\` to have the data fetched`,
      );
    }
    return bytes;
  }
  throw new Error(
    `${directory} must hold ${file.name}, or ${UNPACKED_FOLDER}/${file.name}, and has neither; it may also hold the Python batches of cifar-10-python.tar.gz, or parquet files of uoft-cs/cifar10`,
  );
}
