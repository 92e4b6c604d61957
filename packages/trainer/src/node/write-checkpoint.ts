import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { safetensorsPieces } from '@xcp/safetensors';
import { type Checkpoint, checkpointName } from '../checkpoint/store';
import { chunks } from './chunks';
import { type FileSystem, syncFolder, writeDurably } from './file-system';
import { type FileProof, MANIFEST, type Manifest } from './manifest';
import { replaceFolder } from './replace-folder';

const json = (value: unknown) => [new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)];

/**
 * Bytes that are hashed and written at a time. A training step waits no longer than for the hash of these, and a
 * checkpoint takes a turn of the event loop for each.
 */
const CHUNK_BYTES = 2 ** 24;

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
    const manifest: Manifest = { format: 1, files: {} };
    for (const [file, pieces] of Object.entries(files)) {
      manifest.files[file] = await writeProved(join(temporary, file), pieces, fs);
    }
    await writeDurably(join(temporary, MANIFEST), json(manifest), fs.open);
    await syncFolder(temporary, fs.open);
    await replaceFolder(temporary, join(directory, name), fs);
  } catch (error) {
    // The first error is the one to tell, whether or not the rest can be removed.
    await fs.rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  return name;
}

async function writeProved(
  path: string,
  pieces: readonly Uint8Array[],
  { open }: FileSystem,
): Promise<FileProof> {
  const hash = createHash('sha256');
  let size = 0;
  function* hashed() {
    for (const chunk of chunks(pieces, CHUNK_BYTES)) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  await writeDurably(path, hashed(), open);
  return { size, sha256: hash.digest('hex') };
}
