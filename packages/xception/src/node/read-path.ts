import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { WeightSource } from '../weights/read-source';
import { isCheckpoint, newestCheckpoint, readCheckpoint } from './checkpoint';

/** Weights on disk. */
export interface FoundWeights {
  source: WeightSource;
  /** Of the file that holds them. */
  path: string;
  /** Such as damaged checkpoints that were passed over. */
  warnings: string[];
}

/** Finds and reads the weights at a path: a file, or the folder of a model, a checkpoint or a run. */
export async function readPath(path: string): Promise<FoundWeights> {
  const found = await stat(path).catch((cause: Error) => {
    throw new Error(`loadWeights: \`source\` must be a file or folder that is there, received '${path}'`, {
      cause,
    });
  });
  if (found.isDirectory()) return readFolder(path);
  if (path.endsWith('.json')) return readModel(path);
  return { source: new Uint8Array(await readFile(path)), path, warnings: [] };
}

async function readFolder(folder: string): Promise<FoundWeights> {
  if (await isThere(join(folder, 'model.json'))) return readModel(join(folder, 'model.json'));
  if (await isCheckpoint(folder)) return { ...(await readCheckpoint(folder)), warnings: [] };
  // A run exports its best weights at its end.
  const model = join(folder, 'model', 'model.json');
  if (await isThere(model)) return readModel(model);
  const checkpoints = join(folder, 'checkpoints');
  const newest = await newestCheckpoint((await isThere(checkpoints)) ? checkpoints : folder);
  if (newest) return newest;
  throw new Error(
    'loadWeights: a folder must be that of a run, of a checkpoint or of a TensorFlow.js model (with `model.json`), ' +
      `received '${folder}', which holds no weights`,
  );
}

/** A TensorFlow.js layers model: its description, and its weights in the files that it names. */
async function readModel(path: string): Promise<FoundWeights> {
  const text = await readFile(path, 'utf8');
  try {
    const json = JSON.parse(text) as tf.io.ModelJSON;
    if (!json.modelTopology || !Array.isArray(json.weightsManifest)) {
      throw new Error('it has no `modelTopology` and `weightsManifest`');
    }
    const source = await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
      const files = manifest.flatMap(({ paths }) => paths);
      const shards = await Promise.all(files.map((file) => readFile(join(dirname(path), file))));
      const bytes = new Uint8Array(Buffer.concat(shards));
      return [manifest.flatMap(({ weights }) => weights), bytes.buffer];
    });
    return { source, path, warnings: [] };
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(
      `loadWeights: a .json must describe a whole TensorFlow.js layers model, received '${path}' (${message})`,
      { cause },
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
