import type * as tf from '@tensorflow/tfjs-core';
import type { NamedArrays } from '@xcp/safetensors';
import { readBytes, type WeightFormat } from './read-bytes';
import { readTfjs } from './read-tfjs';

/**
 * Where weights come from: the bytes of a Keras `.h5` or `.keras` or of a safetensors file, a TensorFlow.js layers
 * model (its artifacts, or an IO handler that loads them), or tensors by name as plain data.
 */
export type WeightSource = Uint8Array | ArrayBuffer | tf.io.IOHandler | tf.io.ModelArtifacts | NamedArrays;

/** The tensors of a source. */
export async function readSource(
  source: WeightSource,
): Promise<{ format: WeightFormat; tensors: NamedArrays }> {
  if (source instanceof Uint8Array) return readBytes(source);
  if (source instanceof ArrayBuffer) return readBytes(new Uint8Array(source));
  if (typeof source !== 'object' || source === null) {
    throw new Error(
      `loadWeights: \`source\` must be bytes, a TensorFlow.js model or tensors by name, received ${JSON.stringify(source)}; ` +
        'paths are for the `loadWeights` of @xcp/xception/node',
    );
  }
  if ('load' in source && typeof source.load === 'function') {
    return { format: 'tfjs', tensors: await readTfjs(await source.load()) };
  }
  if ('modelTopology' in source || 'weightSpecs' in source) {
    return { format: 'tfjs', tensors: await readTfjs(source as tf.io.ModelArtifacts) };
  }
  return { format: 'arrays', tensors: checkArrays(source as NamedArrays) };
}

function checkArrays(tensors: NamedArrays): NamedArrays {
  for (const [name, tensor] of Object.entries(tensors)) {
    const { shape, data } = tensor ?? {};
    const size = Array.isArray(shape) ? shape.reduce((product, n) => product * n, 1) : Number.NaN;
    if (data?.length === size) continue;
    throw new Error(
      `loadWeights: the tensor '${name}' must be { dtype, shape, data } with as many numbers as its shape has, ` +
        `received ${data?.length ?? 'none'} for ${JSON.stringify(shape) ?? 'no shape'}`,
    );
  }
  return tensors;
}
