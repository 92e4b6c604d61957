/** For each output position the two inputs it lies between, and how far it is from the first to the second. */
interface Taps {
  low: Int32Array;
  high: Int32Array;
  share: Float64Array;
}

/** Half-pixel centres: output i looks at (i + ½) · input/output − ½, held inside the input. */
function taps(input: number, output: number): Taps {
  const low = new Int32Array(output);
  const high = new Int32Array(output);
  const share = new Float64Array(output);
  for (let i = 0; i < output; i++) {
    const position = Math.max(0, ((i + 0.5) * input) / output - 0.5);
    low[i] = Math.min(Math.floor(position), input - 1);
    high[i] = Math.min(low[i]! + 1, input - 1);
    share[i] = position - low[i]!;
  }
  return { low, high, share };
}

/** Writes the image at the start of `image`, resized, into `out` at `at`. */
export type Resize = (image: Float32Array, out: Float32Array, at: number) => void;

/**
 * Bilinear resize of one HWC image to `size`×`size`, with half-pixel centres and without antialiasing.
 *
 * The same as PyTorch's `F.interpolate(mode='bilinear', align_corners=False)` and TensorFlow 2's
 * `tf.image.resize`. Rows are blended first, in a scratch row of the input's width, since that is the shorter.
 */
export function bilinearResize(height: number, width: number, channels: number, size: number): Resize {
  const vertical = taps(height, size);
  const horizontal = taps(width, size);
  const rowLength = width * channels;
  const blended = new Float64Array(rowLength);
  const stretch = channels === 3 ? rgbStretch(horizontal) : anyStretch(horizontal, channels);

  return (image, out, at) => {
    for (let y = 0; y < size; y++) {
      const upper = vertical.low[y]! * rowLength;
      const lower = vertical.high[y]! * rowLength;
      const down = vertical.share[y]!;
      for (let i = 0; i < rowLength; i++) {
        const above = image[upper + i]!;
        blended[i] = above + down * (image[lower + i]! - above);
      }
      stretch(blended, out, at + y * size * channels);
    }
  };
}

/** Writes one row, stretched or shrunk, into `out` at `at`. */
type Stretch = (row: Float64Array, out: Float32Array, at: number) => void;

function anyStretch({ low, high, share }: Taps, channels: number): Stretch {
  return (row, out, at) => {
    let to = at;
    for (let x = 0; x < low.length; x++) {
      const left = low[x]! * channels;
      const right = high[x]! * channels;
      const across = share[x]!;
      for (let channel = 0; channel < channels; channel++) {
        const first = row[left + channel]!;
        out[to++] = first + across * (row[right + channel]! - first);
      }
    }
  };
}

/**
 * The common case: three channels written out, and what lies between the same two pixels in one run, with their
 * values at hand. Several times as fast where images grow.
 */
function rgbStretch({ low, high, share }: Taps): Stretch {
  const size = low.length;
  const starts = [...low.keys()].filter((x) => x === 0 || low[x] !== low[x - 1]);
  // For each run where it ends, and where its left and right pixels lie in a row.
  const ends = Int32Array.from(starts, (_, run) => starts[run + 1] ?? size);
  const lefts = Int32Array.from(starts, (x) => low[x]! * 3);
  const rights = Int32Array.from(starts, (x) => high[x]! * 3);

  return (row, out, at) => {
    let x = 0;
    let to = at;
    for (let run = 0; run < ends.length; run++) {
      const end = ends[run]!;
      const left = lefts[run]!;
      const right = rights[run]!;
      const red = row[left]!;
      const green = row[left + 1]!;
      const blue = row[left + 2]!;
      const redStep = row[right]! - red;
      const greenStep = row[right + 1]! - green;
      const blueStep = row[right + 2]! - blue;
      for (; x < end; x++, to += 3) {
        const across = share[x]!;
        out[to] = red + across * redStep;
        out[to + 1] = green + across * greenStep;
        out[to + 2] = blue + across * blueStep;
      }
    }
  };
}
