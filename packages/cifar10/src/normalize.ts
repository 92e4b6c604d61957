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

/** A writer for images whose channels have this mean and standard deviation. */
export function normalizer(mean: readonly number[], std: readonly number[]): WriteNormalized {
  const table = normalizationTable(mean, std);
  return mean.length === 3 ? rgbWriter(table) : anyWriter(table, mean.length);
}

/** The common case with its three channels written out: twice as fast as a loop over them. */
function rgbWriter(table: Float32Array): WriteNormalized {
  return (images, imageStart, rows, columns, out, at) => {
    const width = columns.length;
    let to = at;
    for (let y = 0; y < rows.length; y++) {
      const row = rows[y]!;
      const rowStart = imageStart + row * width * 3;
      for (let x = 0; x < width; x++, to += 3) {
        const column = columns[x]!;
        let red = 0;
        let green = 0;
        let blue = 0;
        if (row >= 0 && column >= 0) {
          const from = rowStart + column * 3;
          red = images[from]!;
          green = images[from + 1]!;
          blue = images[from + 2]!;
        }
        out[to] = table[red]!;
        out[to + 1] = table[256 + green]!;
        out[to + 2] = table[512 + blue]!;
      }
    }
  };
}

function anyWriter(table: Float32Array, channels: number): WriteNormalized {
  return (images, imageStart, rows, columns, out, at) => {
    let to = at;
    for (const row of rows) {
      for (const column of columns) {
        const from = imageStart + (row * columns.length + column) * channels;
        const isBlack = row < 0 || column < 0;
        for (let channel = 0; channel < channels; channel++) {
          out[to++] = table[channel * 256 + (isBlack ? 0 : images[from + channel]!)]!;
        }
      }
    }
  };
}
