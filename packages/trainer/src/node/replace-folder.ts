import { dirname } from 'node:path';
import { errorCode, type FileSystem, syncFolder } from './file-system';

/**
 * Renames the folder `temporary` to `final`. A folder that is there already steps aside as `final.old` until the new
 * one is in its place, so that after a crash one of the two is there whole.
 */
export async function replaceFolder(temporary: string, final: string, fs: FileSystem): Promise<void> {
  const old = `${final}.old`;
  if (await exists(final, fs)) {
    await fs.rm(old, { recursive: true, force: true });
    await fs.rename(final, old);
  }
  await fs.rename(temporary, final);
  await syncFolder(dirname(final), fs.open);
  await fs.rm(old, { recursive: true, force: true });
}

async function exists(folder: string, fs: FileSystem): Promise<boolean> {
  try {
    await fs.readdir(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
