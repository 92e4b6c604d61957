import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { MODEL_FILE } from './export-model';

/**
 * Loads a model in TensorFlow.js's layers format from a folder, such as {@link exportModel} writes.
 *
 * Layers that are not TensorFlow.js's own must be registered: import the package that defines them first.
 *
 * @example const model = await loadModel('runs/first/model');
 * @throws if a file is missing or cut short, or a layer is not registered.
 */
export async function loadModel(directory: string): Promise<tfl.LayersModel> {
  const load = async () =>
    tf.io.getModelArtifactsForJSON(await readModelJson(directory), (manifest) =>
      readWeights(directory, manifest),
    );
  try {
    return await tfl.loadLayersModel({ load });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = reason.includes('Unknown layer')
      ? 'import the package that defines the layer'
      : 'export the model again in the layers format';
    throw new Error(
      `loadModel: \`directory\` must hold a whole exported model, received '${directory}' (${reason}); ${hint}`,
      { cause: error },
    );
  }
}

/** What `model.json` holds; throws if it is none of a model in layers format. */
export async function readModelJson(directory: string): Promise<tf.io.ModelJSON> {
  const json = JSON.parse(
    await readFile(join(directory, MODEL_FILE), 'utf8'),
  ) as Partial<tf.io.ModelJSON> | null;
  if (json?.format === 'graph-model') {
    throw new Error(`${MODEL_FILE} holds a graph model, which has ops in place of layers`);
  }
  if (typeof json?.modelTopology !== 'object' || !Array.isArray(json.weightsManifest)) {
    throw new Error(`${MODEL_FILE} must have a \`modelTopology\` and a \`weightsManifest\`, and lacks one`);
  }
  return json as tf.io.ModelJSON;
}

/** What the weights of an exported model are, and their bytes; throws if a file is missing or of another size. */
export async function readWeights(
  directory: string,
  manifest: tf.io.WeightsManifestConfig,
): Promise<[tf.io.WeightsManifestEntry[], ArrayBuffer]> {
  const specs = manifest.flatMap((group) => group.weights);
  const paths = manifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((path) => readFile(join(directory, path))));
  const bytes = Buffer.concat(shards);
  const size = specs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (bytes.length !== size) {
    throw new Error(`${paths.join(', ')} must have ${size} bytes, received ${bytes.length}`);
  }
  return [specs, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + size) as ArrayBuffer];
}

/** Bytes that a weight takes as it is stored. */
export function bytesOf({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  return (
    tf.util.sizeFromShape(shape) * tf.util.bytesPerElement((quantization?.dtype ?? dtype) as tf.DataType)
  );
}
