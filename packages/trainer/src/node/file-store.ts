import * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors } from '@xcp/safetensors';
import { findBest, findLatest } from '../checkpoint/find';
import type { TrainState } from '../checkpoint/state';
import { type CheckpointStore, keptNames, resolveKeep, type StoreOptions, stepOf } from '../checkpoint/store';
import { errorCode, type FileSystem } from './file-system';
import { takeLock } from './lock-file';
import { readVerified } from './manifest';
import { writeCheckpoint } from './write-checkpoint';

export interface FileStoreOptions extends StoreOptions {
  /** The file system, in the form of `node:fs/promises`. Default that of Node. */
  fs?: FileSystem;
}

/** A checkpoint, or one that a newer save of the same step was about to replace. */
const CHECKPOINT = /^step-\d+(\.old)?$/;

/**
 * A store that keeps each checkpoint in a folder of its own, `directory/step-0001400`: `weights.safetensors`,
 * `optimizer.safetensors`, `ema.safetensors` where the run keeps averages, `state.json` and `manifest.json` with the sizes and SHA-256 of the others.
 *
 * A checkpoint is written under another name, synced to the disk and then renamed, so that a crash at any moment
 * leaves the earlier ones as they were; what a crash leaves behind is swept by the next save. One process may write
 * to a directory at a time, which a file `.lock-1` sees to, any number may read.
 *
 * @example await train({ model, trainData, config, store: fileStore('runs/first/checkpoints') });
 * @throws if what to keep is not told in positive whole numbers; `save` throws if the disk is full or not writable.
 */
export function fileStore(directory: string, options: FileStoreOptions = {}): CheckpointStore {
  const { fs = nodeFs } = options;
  const keep = resolveKeep('fileStore', options);

  const lock = async () => {
    await fs.mkdir(directory, { recursive: true });
    return takeLock(directory, fs);
  };

  const store: CheckpointStore = {
    async save(checkpoint) {
      try {
        await sweep(directory, fs);
        const name = await writeCheckpoint(directory, checkpoint, fs);
        await prune(directory, checkpoint.state, keep, fs);
        return name;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(
          `checkpoint: \`directory\` must be a folder with room that can be written to, received '${directory}' ` +
            `(${reason}); earlier checkpoints are untouched`,
          { cause: error },
        );
      }
    },
    async list() {
      const names = await checkpointNames(directory, fs).catch((error) => {
        throw folderError(directory, error);
      });
      // Of one step, the new one comes before that which it was to replace.
      return names.sort((a, b) => stepOf(b) - stepOf(a) || a.length - b.length);
    },
    async load(name) {
      const names = ['weights.safetensors', 'optimizer.safetensors', 'state.json'];
      const files = await readVerified(join(directory, name), names, fs, ['ema.safetensors']);
      const ema = files['ema.safetensors'];
      return {
        weights: decodeSafetensors(files['weights.safetensors']!).tensors,
        optimizer: decodeSafetensors(files['optimizer.safetensors']!).tensors,
        ...(ema && { ema: decodeSafetensors(ema).tensors }),
        state: readState(files['state.json']!),
      };
    },
    async acquire() {
      const taken = await lock().catch((error) => {
        throw folderError(directory, error);
      });
      if ('release' in taken) return taken.release;
      const { pid, host, since } = taken.holder;
      throw new Error(
        `fileStore: \`directory\` must be written to by one process at a time, received '${directory}', which ` +
          `process ${pid} on ${host} has been writing to since ${since}; wait for it or stop it, ` +
          `and delete '${taken.path}' only if you know that it is gone`,
      );
    },
    latest: () => findLatest(store),
    best: () => findBest(store),
  };
  return store;
}

function folderError(directory: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `fileStore: \`directory\` must be a folder that can be read and written to, received '${directory}' (${reason})`,
    {
      cause,
    },
  );
}

function readState(bytes: Uint8Array): TrainState {
  const state = JSON.parse(new TextDecoder().decode(bytes)) as TrainState;
  if (state.format !== 1) throw new Error(`state.json must have format 1, received ${state.format}`);
  return state;
}

/** The names of checkpoints in a directory, which need not be there yet. */
async function checkpointNames(directory: string, fs: FileSystem): Promise<string[]> {
  return (await entries(directory, fs)).filter((name) => CHECKPOINT.test(name));
}

async function entries(directory: string, fs: FileSystem): Promise<string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Removes what saves that were killed have left behind. */
async function sweep(directory: string, fs: FileSystem): Promise<void> {
  for (const name of await entries(directory, fs)) {
    if (name.startsWith('.tmp-')) await fs.rm(join(directory, name), { recursive: true, force: true });
  }
}

async function prune(
  directory: string,
  saved: TrainState,
  keep: Required<StoreOptions>,
  fs: FileSystem,
): Promise<void> {
  const names = await checkpointNames(directory, fs);
  const kept = keptNames(
    names.filter((name) => !name.endsWith('.old')),
    saved,
    keep,
  );
  for (const name of names) {
    if (!kept.has(name)) await fs.rm(join(directory, name), { recursive: true, force: true });
  }
}
