/**
 * A table of (byte / 255 − mean) / std: entry `channel * 256 + byte`.
 *
 * There are only 256 values per channel, so a batch needs a look-up per value and no arithmetic.
 */
function normalizationTable(mean: readonly number[], std: readonly number[]): Float32Array {
  return Float32Array.from(
    { length: mean.length * 256 },
    (_, i) => ((i % 256) / 255 - mean[i >> 8]!) / std[i >> 8]!,
  );
}

/**
 * Writes one image, normalized, into `out` at `at`, reading the pixels that `rows` and `columns` name (−1: black).
 *
 * Black is the byte 0 and is normalized like any other, as PyTorch does when it pads before it normalizes.
 */
export type WriteNormalized = (
  images: Uint8Array,
  imageStart: number,
  rows: Int32Array,
  columns: Int32Array,
  out: Float32Array,
  at: number,
) => void;

/** A writer for images of this many rows and columns, whose channels have this mean and standard deviation. */
export function normalizer(
  height: number,
  width: number,
  mean: readonly number[],
  std: readonly number[],
): WriteNormalized {
  const table = normalizationTable(mean, std);
  const channels = mean.length;
  const black = new Float32Array(height * width * channels).map((_, i) => table[(i % channels) * 256]!);
  const offsets = new Int32Array(width);
  const writeRow = channels === 3 ? writeRgbRow : writeAnyRow;

  return (images, imageStart, rows, columns, out, at) => {
    // What is black lies at the ends of a row, since a window is moved in one piece.
    let first = 0;
    while (first < width && columns[first]! < 0) first++;
    let end = width;
    while (end > first && columns[end - 1]! < 0) end--;
    if (first > 0 || end < width || rows[0]! < 0 || rows[height - 1]! < 0) out.set(black, at);
    for (let x = first; x < end; x++) offsets[x] = columns[x]! * channels;

    for (let y = 0; y < height; y++) {
      const row = rows[y]!;
      if (row < 0) continue;
      const from = imageStart + row * width * channels;
      writeRow(table, images, from, offsets, first, end, out, at + (y * width + first) * channels);
    }
  };
}

type WriteRow = (
  table: Float32Array,
  images: Uint8Array,
  rowStart: number,
  offsets: Int32Array,
  first: number,
  end: number,
  out: Float32Array,
  at: number,
) => void;

/** The common case with its three channels written out: twice as fast as a loop over them. */
const writeRgbRow: WriteRow = (table, images, rowStart, offsets, first, end, out, at) => {
  for (let x = first, to = at; x < end; x++, to += 3) {
    const from = rowStart + offsets[x]!;
    out[to] = table[images[from]!]!;
    out[to + 1] = table[256 + images[from + 1]!]!;
    out[to + 2] = table[512 + images[from + 2]!]!;
  }
};

const writeAnyRow: WriteRow = (table, images, rowStart, offsets, first, end, out, at) => {
  const channels = table.length / 256;
  for (let x = first, to = at; x < end; x++) {
    const from = rowStart + offsets[x]!;
    for (let channel = 0; channel < channels; channel++, to++) {
      out[to] = table[channel * 256 + images[from + channel]!]!;
    }
  }
};
