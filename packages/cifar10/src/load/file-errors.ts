/** Whether a file-system error says that nothing is there. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The disk of the cache is full or refuses to be written: no other source would help. */
export class StorageError extends Error {}

/** Waits for a write, and marks its failure as one of the disk. */
export async function storing<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    throw new StorageError((cause as Error).message, { cause });
  }
}
