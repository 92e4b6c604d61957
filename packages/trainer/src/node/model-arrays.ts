import type { NamedArrays } from '@xcp/safetensors';
import { bytesOf, readModelJson, readWeights } from './load-model';

/**
 * The weights of an exported model by name, and the bytes they stand in; its layers need not be registered.
 *
 * @throws if a file is missing or of another size, or the weights are quantized.
 */
export async function modelArrays(directory: string): Promise<{ weights: NamedArrays; bytes: Uint8Array }> {
  const { weightsManifest } = await readModelJson(directory);
  const [specs, buffer] = await readWeights(directory, weightsManifest);
  const weights: NamedArrays = {};
  let offset = 0;
  for (const spec of specs) {
    const { name, shape, dtype, quantization } = spec;
    if (quantization || (dtype !== 'float32' && dtype !== 'int32')) {
      const shown = quantization ? `quantized ${dtype}` : dtype;
      throw new Error(`'${name}' must be float32 or int32, received ${shown}`);
    }
    const end = offset + bytesOf(spec);
    const own = buffer.slice(offset, end);
    weights[name] =
      dtype === 'float32'
        ? { dtype, shape: [...shape], data: new Float32Array(own) }
        : { dtype, shape: [...shape], data: new Int32Array(own) };
    offset = end;
  }
  return { weights, bytes: new Uint8Array(buffer) };
}
