/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** A loop over `sizes` with one list of strides for each operand. */
export interface Loop {
  sizes: number[];
  strides: number[][];
}

/** The most axes that the kernels' strided loops take (`kMaxRank` in elementwise.cpp). */
export const MAX_RANK = 8;

/** The same loop with axes of size 1 left out and axes merged where every operand runs through both in one. */
export function mergeAxes(loop: Loop): Loop {
  const sizes: number[] = [];
  const strides: number[][] = loop.strides.map(() => []);
  loop.sizes.forEach((size, axis) => {
    if (size === 1) return;
    const joins =
      sizes.length > 0 &&
      strides.every((list, operand) => list.at(-1) === loop.strides[operand]![axis]! * size);
    if (joins) {
      sizes.push(sizes.pop()! * size);
      strides.forEach((list, operand) => {
        list[list.length - 1] = loop.strides[operand]![axis]!;
      });
    } else {
      sizes.push(size);
      strides.forEach((list, operand) => {
        list.push(loop.strides[operand]![axis]!);
      });
    }
  });
  return sizes.length > 0 ? { sizes, strides } : { sizes: [1], strides: loop.strides.map(() => [1]) };
}

/** A loop as the kernels read it: rank, sizes, strides of each operand. */
export const loopArgs = ({ sizes, strides }: Loop): number[] => [sizes.length, ...sizes, ...strides.flat()];
