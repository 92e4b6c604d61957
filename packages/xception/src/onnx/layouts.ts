import type { Constant } from '../exporting/application';

/** TensorFlow's [height, width, in, out] as ONNX's [out, in, height, width]. */
export function convKernel({ dims, data }: Constant): Constant {
  const [height, width, inputs, outputs] = dims as [number, number, number, number];
  return permuted([outputs, inputs, height, width], (o, i, y, x) => {
    return data[((y * width + x) * inputs + i) * outputs + o]!;
  });
}

/** TensorFlow's [height, width, channels, multiplier] as the [channels · multiplier, 1, height, width] of groups. */
export function depthwiseKernel({ dims, data }: Constant): Constant {
  const [height, width, channels, multiplier] = dims as [number, number, number, number];
  const outputs = channels * multiplier;
  return permuted([outputs, 1, height, width], (o, _, y, x) => data[(y * width + x) * outputs + o]!);
}

function permuted(
  dims: [number, number, number, number],
  at: (a: number, b: number, c: number, d: number) => number,
): Constant {
  const [A, B, C, D] = dims;
  const data = new Float32Array(A * B * C * D);
  let next = 0;
  for (let a = 0; a < A; a++) {
    for (let b = 0; b < B; b++) {
      for (let c = 0; c < C; c++) {
        for (let d = 0; d < D; d++) data[next++] = at(a, b, c, d);
      }
    }
  }
  return { dims, data };
}
