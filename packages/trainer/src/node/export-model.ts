import * as fs from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { errorCode, syncFolder, writeDurably } from './file-system';
import { replaceFolder } from './replace-folder';

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.bin';

/**
 * Saves a model in TensorFlow.js's layers format, as `directory/model.json` and `directory/weights.bin`.
 *
 * Both are written to a new folder, synced to the disk, which then takes the place of an earlier export.
 *
 * @param wrap goes around the handler that writes, to change what is saved: `portable` of `@xcp/layers`, say.
 * @example await exportModel(model, 'runs/first/model');
 * @throws, with an earlier export as it was, if `directory` holds anything else or cannot be written.
 */
export async function exportModel(
  model: tfl.LayersModel,
  directory: string,
  wrap: (handler: tf.io.IOHandler) => tf.io.IOHandler = (handler) => handler,
): Promise<void> {
  await checkReplaceable(resolve(directory));
  await model.save(wrap(modelFolder(directory)));
}

/**
 * A save handler that writes artifacts of any format, of a layers model or of a graph model, as
 * `directory/model.json` and `directory/weights.bin`, in the way of {@link exportModel}.
 *
 * @example await modelFolder('web/model').save!(await exportGraphModel(model));
 * @throws (when it saves), with an earlier export as it was, if `directory` holds anything else or cannot be written.
 */
export function modelFolder(directory: string): tf.io.IOHandler {
  const final = resolve(directory);
  const temporary = join(dirname(final), `.tmp-${basename(final)}`);
  return tf.io.withSaveHandler(async (artifacts) => {
    await checkReplaceable(final);
    const { weightData, weightSpecs = [], ...topology } = artifacts;
    const json = { ...topology, weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }] };
    const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
    try {
      await fs.rm(temporary, { recursive: true, force: true });
      await fs.mkdir(temporary, { recursive: true });
      await writeDurably(join(temporary, WEIGHTS_FILE), [weights]);
      await writeDurably(join(temporary, MODEL_FILE), [new TextEncoder().encode(JSON.stringify(json))]);
      await syncFolder(temporary);
      await replaceFolder(temporary, final, fs);
    } catch (error) {
      await fs.rm(temporary, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  });
}

/** Throws unless the folder is missing, empty, or an earlier export: replacing it must lose nothing else. */
async function checkReplaceable(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await fs.readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const foreign = names.find((name) => name !== MODEL_FILE && name !== WEIGHTS_FILE);
  if (foreign === undefined) return;
  throw new Error(
    `exportModel: \`directory\` must be new, empty or an earlier export, received '${directory}', ` +
      `which holds '${foreign}'; name another folder`,
  );
}
