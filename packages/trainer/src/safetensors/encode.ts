import type { NamedArrays } from '../weights';
import { formatNames, type HeaderEntry, PREFIX_BYTES } from './format';

/**
 * The bytes of a safetensors file, in pieces to be written one after another: the header, then each tensor without
 * a copy.
 *
 * Tensors are little-endian, as every machine is that TensorFlow.js runs on. `metadata` are strings by name.
 *
 * @see https://github.com/huggingface/safetensors, "Format"
 */
export function safetensorsPieces(tensors: NamedArrays, metadata: Record<string, string> = {}): Uint8Array[] {
  const header: Record<string, HeaderEntry | Record<string, string>> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    if (name === '__metadata__') {
      throw new Error("safetensors: a tensor must have another name than '__metadata__'; rename it");
    }
    const end = offset + data.byteLength;
    header[name] = { dtype: formatNames[dtype], shape, data_offsets: [offset, end] };
    pieces.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  return [encodeHeader(header), ...pieces];
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
 * @example const bytes = encodeSafetensors(await modelWeights(model), { format: 'tfjs' });
 */
export function encodeSafetensors(tensors: NamedArrays, metadata?: Record<string, string>): Uint8Array {
  const pieces = safetensorsPieces(tensors, metadata);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
