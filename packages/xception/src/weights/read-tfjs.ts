import * as tf from '@tensorflow/tfjs-core';
import type { NamedArrays } from '@xcp/safetensors';

/**
 * The weights of a TensorFlow.js layers model, quantized ones included.
 *
 * @throws if the model is a graph model, or holds no weights.
 */
export async function readTfjs({
  format,
  weightSpecs,
  weightData,
}: tf.io.ModelArtifacts): Promise<NamedArrays> {
  if (format === 'graph-model') {
    throw new Error(
      "loadWeights: a TensorFlow.js model must be a layers model, received a 'graph-model', which has lost its layers; convert the original with `--output_format=tfjs_layers_model`",
    );
  }
  if (!weightSpecs || !weightData) {
    throw new Error('loadWeights: a TensorFlow.js model must hold weights, received a topology alone');
  }
  const size = weightSpecs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  const received = [weightData].flat().reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (received !== size) {
    throw new Error(
      `loadWeights: the TensorFlow.js model must hold ${size} bytes of weights, received ${received}; fetch it again`,
    );
  }
  const tensors = tf.io.decodeWeights(weightData, weightSpecs);
  try {
    const arrays: NamedArrays = {};
    for (const [name, tensor] of Object.entries(tensors)) {
      const { dtype, shape } = tensor;
      if (dtype !== 'float32' && dtype !== 'int32') {
        throw new Error(`loadWeights: '${name}' must be float32 or int32, received ${dtype}`);
      }
      arrays[name] = { dtype, shape, data: (await tensor.data<'float32' | 'int32'>()).slice() };
    }
    return arrays;
  } finally {
    tf.dispose(tensors);
  }
}

function bytesOf({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  const bytes = quantization ? (quantization.dtype === 'uint8' ? 1 : 2) : tf.util.bytesPerElement(dtype);
  return tf.util.sizeFromShape(shape) * bytes;
}
