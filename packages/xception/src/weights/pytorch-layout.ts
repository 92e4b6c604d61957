import type { NamedArray } from '@xcp/safetensors';

/** For each kind of weight, the axes of PyTorch's layout in the order of Keras's: [out, in, h, w] → [h, w, in, out]. */
const axes: Record<string, number[]> = {
  kernel: [2, 3, 1, 0],
  pointwise_kernel: [2, 3, 1, 0],
  // PyTorch has [channels, 1, h, w].
  depthwise_kernel: [2, 3, 0, 1],
};

/** A weight of PyTorch's in the layout of Keras. */
export function fromPyTorch(kind: string, array: NamedArray): NamedArray {
  return transpose(array, axesOf(kind, array.shape.length));
}

/** A weight in Keras's layout in that of PyTorch. */
export function toPyTorch(kind: string, array: NamedArray): NamedArray {
  const order = axesOf(kind, array.shape.length);
  return transpose(
    array,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

function axesOf(kind: string, rank: number): number[] {
  const order = rank === 2 && kind === 'kernel' ? [1, 0] : axes[kind];
  // What has another rank than it should keeps its shape, which is then told as one that does not fit.
  return order?.length === rank ? order : Array.from({ length: rank }, (_, axis) => axis);
}

/** The array with axis `order[i]` as its axis i. */
export function transpose({ dtype, shape, data }: NamedArray, order: readonly number[]): NamedArray {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const newShape = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = dtype === 'int32' ? new Int32Array(data.length) : new Float32Array(data.length);
  const place = newShape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    // On to the next place, as an odometer goes.
    for (let axis = newShape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++place[axis]! < newShape[axis]!) break;
      from -= steps[axis]! * newShape[axis]!;
      place[axis] = 0;
    }
  }
  return { dtype, shape: newShape, data: result };
}
