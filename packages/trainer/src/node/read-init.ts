import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { decodeSafetensors, type NamedArrays } from '@xcp/safetensors';
import type { TrainInit } from '../init/train-init';
import { MODEL_FILE } from './export-model';
import { fileStore } from './file-store';
import { MANIFEST } from './manifest';
import { modelArrays } from './model-arrays';

/** What {@link readInit} found: to hand to {@link train} as its `init`. */
export interface ReadInit extends TrainInit {
  step: number | null;
  optimizer: NamedArrays | null;
  source: {
    kind: 'checkpoint' | 'model' | 'safetensors';
    /** The folder or file that was read, such as the checkpoint of a run. */
    path: string;
    /** Of the file of weights. */
    sha256: string;
  };
}

/** What was looked for, and where, if it is not there. */
const EXPECTED =
  'a run, its checkpoints, a checkpoint, an exported model (model.json) or a `.safetensors` file';

/**
 * Reads what a run is to begin with from the folder of a run (its best checkpoint, else the newest, else its exported
 * model), a folder of checkpoints, one checkpoint, an exported model, or a `.safetensors` file.
 *
 * @param name chooses one of several checkpoints, such as `step-0001400`
 * @example await train({ model, trainData, config, init: { ...(await readInit('runs/first')), head: 'fresh' } });
 * @throws if there is none of these, or it is damaged.
 */
export async function readInit(path: string, { name }: { name?: string } = {}): Promise<ReadInit> {
  try {
    return await read(path, name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`readInit: \`path\` must be ${EXPECTED}, received '${path}' (${reason})`, {
      cause: error,
    });
  }
}

async function read(path: string, name: string | undefined): Promise<ReadInit> {
  if ((await stat(path)).isFile()) return refuseName(name, () => readSafetensors(path));
  const names = await readdir(path);
  if (names.includes(MANIFEST)) {
    return refuseName(name, () => readCheckpoint(dirname(path), basename(path)));
  }
  if (names.includes(MODEL_FILE)) return refuseName(name, () => readModel(path));
  const checkpoints = names.includes('checkpoints') ? join(path, 'checkpoints') : path;
  const chosen = name ?? (await bestOrNewest(checkpoints));
  if (chosen !== undefined) return readCheckpoint(checkpoints, chosen);
  if (names.includes('model')) return readModel(join(path, 'model'));
  throw new Error('it holds no valid checkpoint and no model');
}

function refuseName<T>(name: string | undefined, read: () => T): T {
  if (name === undefined) return read();
  throw new Error(`it is one file or checkpoint, of which '${name}' cannot be chosen`);
}

async function bestOrNewest(directory: string): Promise<string | undefined> {
  const store = fileStore(directory);
  const { found } = await store.best();
  return (found ?? (await store.latest()).found)?.name;
}

async function readCheckpoint(directory: string, name: string): Promise<ReadInit> {
  const { weights, optimizer, state } = await fileStore(directory).load(name);
  const path = join(directory, name);
  const sha256 = hashOf(await readFile(join(path, 'weights.safetensors')));
  return { weights, optimizer, step: state.step, source: { kind: 'checkpoint', path, sha256 } };
}

async function readSafetensors(path: string): Promise<ReadInit> {
  const bytes = await readFile(path);
  const { tensors: weights } = decodeSafetensors(bytes);
  const source = { kind: 'safetensors', path, sha256: hashOf(bytes) } as const;
  return { weights, optimizer: null, step: null, source };
}

async function readModel(path: string): Promise<ReadInit> {
  const { weights, bytes } = await modelArrays(path);
  const source = { kind: 'model', path, sha256: hashOf(bytes) } as const;
  return { weights, optimizer: null, step: null, source };
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
