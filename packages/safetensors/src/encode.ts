import { type HeaderEntry, PREFIX_BYTES } from './format';
import { toFloat16 } from './half';
import type { NamedArray, NamedArrays } from './named-array';
import { received } from './received';

export interface SafetensorsOptions {
  /** How float32 tensors are stored. Default `'F32'`, exact; `'F16'` halves the file and keeps 11 bits of each number. */
  float?: 'F32' | 'F16';
}

/**
 * The bytes of a safetensors file, in pieces to be written one after another: the header, then each tensor, which
 * is copied only where it is converted.
 *
 * Tensors are little-endian, as every machine is that TensorFlow.js runs on. `metadata` are strings by name.
 *
 * @see https://github.com/huggingface/safetensors, "Format"
 */
export function safetensorsPieces(
  tensors: NamedArrays,
  metadata: Record<string, string> = {},
  options: SafetensorsOptions = {},
): Uint8Array[] {
  const { float } = checkOptions(options);
  const header: Record<string, HeaderEntry | Record<string, string>> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    if (name === '__metadata__') {
      throw new Error("safetensors: a tensor must have another name than '__metadata__'; rename it");
    }
    const { dtype, values } = stored(tensor, float);
    const end = offset + values.byteLength;
    header[name] = { dtype, shape: tensor.shape, data_offsets: [offset, end] };
    pieces.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset = end;
  }
  return [encodeHeader(header), ...pieces];
}

function stored({ dtype, data }: NamedArray, float: 'F32' | 'F16') {
  if (dtype === 'int32') return { dtype: 'I32', values: data };
  return { dtype: float, values: float === 'F16' ? toFloat16(data as Float32Array) : data };
}

function checkOptions(options: SafetensorsOptions): Required<SafetensorsOptions> {
  for (const key of Object.keys(options)) {
    if (key !== 'float') throw new Error(`safetensors: unknown key \`${key}\`; did you mean \`float\`?`);
  }
  const { float = 'F32' } = options;
  if (float !== 'F32' && float !== 'F16') {
    throw new Error(`safetensors: \`float\` must be 'F32' or 'F16', received ${received(float)}`);
  }
  return { float };
}

function encodeHeader(header: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces up to a multiple of 8, so that the tensors are aligned.
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(PREFIX_BYTES + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, PREFIX_BYTES);
  return bytes;
}

/**
 * A safetensors file of named float32 and int32 tensors.
 *
 * @example const bytes = encodeSafetensors({ bias: { dtype: 'float32', shape: [2], data: Float32Array.of(0, 1) } });
 * @throws if an option or the name of a tensor is not allowed.
 */
export function encodeSafetensors(
  tensors: NamedArrays,
  metadata?: Record<string, string>,
  options?: SafetensorsOptions,
): Uint8Array {
  const pieces = safetensorsPieces(tensors, metadata, options);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
