import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundWeights } from './read-path';

const WEIGHTS = 'weights.safetensors';
const MANIFEST = 'manifest.json';

/** Whether a folder is a checkpoint of a run. */
export async function isCheckpoint(folder: string): Promise<boolean> {
  const found = await Promise.all(
    [WEIGHTS, MANIFEST].map((file) => stat(join(folder, file)).catch(() => null)),
  );
  return found.some((file) => file?.isFile());
}

/**
 * The weights of a checkpoint, proved by its manifest.
 *
 * @throws if they are missing or differ from what the manifest says.
 */
export async function readCheckpoint(folder: string): Promise<Pick<FoundWeights, 'source' | 'path'>> {
  const path = join(folder, WEIGHTS);
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));
    const stated: unknown = manifest.files?.[WEIGHTS]?.sha256;
    const source = new Uint8Array(await readFile(path));
    const sha256 = createHash('sha256').update(source).digest('hex');
    if (sha256 !== stated) throw new Error(`SHA-256 must be ${stated}, received ${sha256}`);
    return { source, path };
  } catch (cause) {
    throw new Error(`loadWeights: the checkpoint ${folder} must be whole (${(cause as Error).message})`, {
      cause,
    });
  }
}

/** The newest whole checkpoint in a folder of them, if there is any; it says which it passed over. */
export async function newestCheckpoint(folder: string): Promise<FoundWeights | null> {
  const names = (await readdir(folder)).filter((name) => /^step-\d+$/.test(name));
  const warnings: string[] = [];
  for (const name of names.toSorted((a, b) => Number(b.slice(5)) - Number(a.slice(5)))) {
    try {
      return { ...(await readCheckpoint(join(folder, name))), warnings };
    } catch (error) {
      warnings.push(`passed over: ${(error as Error).message}`);
    }
  }
  if (warnings.length === 0) return null;
  throw new Error(
    `loadWeights: a checkpoint in ${folder} must be whole, and none is:\n  ${warnings.join('\n  ')}`,
  );
}
