import { join } from 'node:path';
import { safetensorsPieces } from '@xcp/safetensors';
import { type Checkpoint, checkpointName } from '../checkpoint/store';
import { type FileSystem, syncFolder, writeDurably } from './file-system';
import { MANIFEST, manifestOf } from './manifest';
import { replaceFolder } from './replace-folder';

const json = (value: unknown) => [new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)];

/**
 * Writes a checkpoint into a new folder of `directory` so that it is there whole or not at all, and returns its
 * name. On failure the directory is as it was.
 */
export async function writeCheckpoint(
  directory: string,
  { weights, optimizer, ema, state }: Checkpoint,
  fs: FileSystem,
): Promise<string> {
  const name = checkpointName(state.step);
  const temporary = join(directory, `.tmp-${name}`);
  const files = {
    'weights.safetensors': safetensorsPieces(weights),
    'optimizer.safetensors': safetensorsPieces(optimizer),
    ...(ema && { 'ema.safetensors': safetensorsPieces(ema) }),
    'state.json': json(state),
  };
  await fs.mkdir(directory, { recursive: true });
  try {
    await fs.mkdir(temporary);
    for (const [file, pieces] of Object.entries(files)) {
      await writeDurably(join(temporary, file), pieces, fs.open);
    }
    await writeDurably(join(temporary, MANIFEST), json(manifestOf(files)), fs.open);
    await syncFolder(temporary, fs.open);
    await replaceFolder(temporary, join(directory, name), fs);
  } catch (error) {
    // The first error is the one to tell, whether or not the rest can be removed.
    await fs.rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  return name;
}
