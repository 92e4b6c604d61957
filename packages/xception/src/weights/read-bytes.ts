import { decodeSafetensors, type NamedArrays } from '@xcp/safetensors';
import { readHdf5 } from './read-hdf5';
import { pickled, readKerasArchive } from './read-keras';

/** What a source of weights turned out to be. */
export type WeightFormat = 'hdf5' | 'keras' | 'safetensors' | 'tfjs' | 'arrays';

/**
 * The tensors of a file, by the first bytes of which it is told what it is.
 *
 * @throws if it is none of HDF5, `.keras` and safetensors, or damaged.
 */
export async function readBytes(bytes: Uint8Array): Promise<{ format: WeightFormat; tensors: NamedArrays }> {
  if (startsWith(bytes, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])) {
    return { format: 'hdf5', tensors: await readHdf5(bytes) };
  }
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) {
    return { format: 'keras', tensors: await readKerasArchive(bytes) };
  }
  // Old checkpoints of PyTorch's are bare pickles.
  if (bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5) throw pickled();
  // A header in JSON behind its length in eight bytes.
  if (bytes[8] === 0x7b) return { format: 'safetensors', tensors: decodeSafetensors(bytes).tensors };
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new Error(
    'loadWeights: `source` must be a Keras file (.h5, .keras), safetensors, or a TensorFlow.js layers model, ' +
      `received ${bytes.length} bytes that begin with ${start || 'nothing'}`,
  );
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}
