import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { dataFolder } from '../data/data-folder';
import type { Services } from '../services';

/** Where the data is kept, and what is there. */
export interface DataFacts {
  directory: string;
  files: number;
  proved: number;
  /** Names of files that are there and are not what was published. */
  damaged: string[];
  /** Bytes that are free there; null where the system does not tell. */
  free: number | null;
}

export async function dataFacts(services: Services, cwd: string): Promise<DataFacts> {
  const directory = dataFolder({}, cwd);
  const files = await services.verifyCifar10({ directory });
  return {
    directory,
    files: files.length,
    proved: files.filter(({ state }) => state === 'proved').length,
    damaged: files.filter(({ state }) => state === 'damaged').map(({ name }) => name),
    free: freeBytes(directory),
  };
}

function freeBytes(folder: string): number | null {
  try {
    let there = folder;
    while (!existsSync(there)) there = dirname(there);
    const { bavail, bsize } = statfsSync(there);
    return bavail * bsize;
  } catch {
    return null;
  }
}
