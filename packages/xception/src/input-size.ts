import type { ResolvedXceptionConfig } from './config';

/**
 * The side of the feature map, in pixels, behind each place that can shrink it: the two stem convolutions,
 * each entry block and the exit block. Heights and widths follow the same arithmetic.
 */
export function sides(
  c: Pick<ResolvedXceptionConfig, 'stem' | 'entryStrides' | 'exitStride'>,
  input: number,
): number[] {
  const { padding, strides, kernelSizes } = c.stem;
  // A kernel that stays inside the image loses what it reaches beyond one pixel.
  const [border1, border2] = kernelSizes.map((size) => (padding === 'valid' ? size - 1 : 0)) as [
    number,
    number,
  ];
  const conv1 = Math.ceil((input - border1) / strides[0]);
  const conv2 = Math.ceil((conv1 - border2) / strides[1]);
  const behind = [conv1, conv2];
  for (const stride of [...c.entryStrides, c.exitStride]) behind.push(Math.ceil(behind.at(-1)! / stride));
  return behind;
}

/** The smallest side, in pixels, that leaves at least one pixel everywhere. */
export function smallestSide(
  c: Pick<ResolvedXceptionConfig, 'stem' | 'entryStrides' | 'exitStride'>,
): number {
  let side = 1;
  while (Math.min(...sides(c, side)) < 1) side++;
  return side;
}
