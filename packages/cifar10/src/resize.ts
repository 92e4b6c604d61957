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

  return (image, out, at) => {
    let to = at;
    for (let y = 0; y < size; y++) {
      const upper = vertical.low[y]! * rowLength;
      const lower = vertical.high[y]! * rowLength;
      const down = vertical.share[y]!;
      for (let i = 0; i < rowLength; i++) {
        const above = image[upper + i]!;
        blended[i] = above + down * (image[lower + i]! - above);
      }
      for (let x = 0; x < size; x++) {
        const left = horizontal.low[x]! * channels;
        const right = horizontal.high[x]! * channels;
        const across = horizontal.share[x]!;
        for (let channel = 0; channel < channels; channel++) {
          const first = blended[left + channel]!;
          out[to++] = first + across * (blended[right + channel]! - first);
        }
      }
    }
  };
}
