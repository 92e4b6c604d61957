import { readers } from './dtypes';
import { type HeaderEntry, PREFIX_BYTES } from './format';
import type { NamedArray, NamedArrays } from './named-array';
import { received } from './received';

/**
 * The named tensors and the metadata of a safetensors file.
 *
 * F16, BF16 and F64 become float32, and all integers and booleans int32, for these are the types that weights have in
 * TensorFlow.js.
 *
 * @example const { tensors } = decodeSafetensors(await readFile('model.safetensors'));
 * @throws if the bytes are cut short or damaged, a type is not known, or an integer does not fit into 32 bits.
 * @see https://github.com/huggingface/safetensors, "Format"
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: NamedArrays;
  metadata: Record<string, string>;
} {
  // A Node.js Buffer is a Uint8Array too, but its slices are no copies.
  const { header, data } = splitHeader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors: NamedArrays = {};
  for (const [name, entry] of Object.entries(entries)) {
    tensors[name] = decodeTensor(name, entry as HeaderEntry, data);
  }
  checkCovered(Object.values(entries) as HeaderEntry[], data.length);
  return { tensors, metadata: metadata as Record<string, string> };
}

function splitHeader(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < PREFIX_BYTES) throw damaged(`a header of 8 bytes or more, received ${bytes.length}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const end = PREFIX_BYTES + length;
  if (end > bytes.length)
    throw damaged(`a header of ${length} bytes, received ${bytes.length - PREFIX_BYTES}`);
  const json = new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, end));
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch {
    throw damaged(`a header in JSON, received ${received(json.slice(0, 40))}`);
  }
  if (typeof header !== 'object' || header === null) throw damaged(`an object, received ${received(header)}`);
  return { header: header as Record<string, unknown>, data: bytes.subarray(end) };
}

function decodeTensor(name: string, entry: HeaderEntry, data: Uint8Array): NamedArray {
  const { dtype, shape, data_offsets: offsets } = entry ?? {};
  const reader = Object.hasOwn(readers, dtype) ? readers[dtype]! : null;
  if (!reader) {
    const known = Object.keys(readers).join(', ');
    throw new Error(
      `safetensors: '${name}' must be one of ${known}, received ${received(dtype)}; convert it first`,
    );
  }
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  const wellFormed =
    Array.isArray(shape) && shape.every(isCount) && Array.isArray(offsets) && offsets.every(isCount);
  const size = wellFormed ? shape.reduce((product, n) => product * n, 1) * reader.bytes : Number.NaN;
  const [start = 0, end = 0] = wellFormed ? offsets : [];
  if (end - start !== size || end > data.length) {
    const shown = received({ shape, data_offsets: offsets });
    throw damaged(`'${name}' within its ${data.length} bytes of data, received ${shown}`);
  }
  try {
    // A copy, which is aligned wherever the tensor stood in the file.
    return { shape, ...reader.read(data.slice(start, end).buffer) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(
      `safetensors: '${name}' must hold integers of 32 bits, received ${error.message}; convert it first`,
    );
  }
}

/** The format allows neither holes nor overlaps. */
function checkCovered(entries: readonly HeaderEntry[], length: number): void {
  const spans = entries.map((entry) => entry.data_offsets).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let covered = 0;
  for (const [start, end] of spans) {
    if (start !== covered)
      throw damaged(`tensors side by side, received a start at ${start} after ${covered}`);
    covered = end;
  }
  if (covered !== length) throw damaged(`${covered} bytes of data, received ${length}`);
}

function damaged(rule: string): Error {
  return new Error(`safetensors: the file must hold ${rule}; it is damaged or cut short`);
}
