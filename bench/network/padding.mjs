/**
 * Rows and columns that padding adds: [[top, bottom], [left, right]]. TensorFlow pads `same` by what the size needs,
 * the odd one behind; PyTorch has no such mode, so the contenders get the numbers.
 */
export function resolvePadding({ padding, kernelSize, strides }, [height, width]) {
  if (padding === 'valid') {
    return [
      [0, 0],
      [0, 0],
    ];
  }
  if (padding === 'symmetric') return kernelSize.map((size) => [(size - 1) >> 1, (size - 1) >> 1]);
  return [height, width].map((size, axis) => {
    const outputs = Math.ceil(size / strides[axis]);
    const total = Math.max((outputs - 1) * strides[axis] + kernelSize[axis] - size, 0);
    return [total >> 1, total - (total >> 1)];
  });
}
