import type { TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, areOf, kernel } from './kernel';

interface ResizeAttrs {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
  size: [number, number];
}

/** Old pixels for each new one along an axis. With aligned corners the outermost pixels' centres lie on each other. */
const scaleOf = (from: number, to: number, alignCorners: boolean): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

/** What the kernels in resize.cpp read. */
function geometry(images: readonly number[], size: readonly number[], attrs: ResizeAttrs): number[] {
  const [batch, height, width, channels] = images as [number, number, number, number];
  const [newHeight, newWidth] = size as [number, number];
  return [
    batch,
    height,
    width,
    channels,
    newHeight,
    newWidth,
    scaleOf(height, newHeight, attrs.alignCorners),
    scaleOf(width, newWidth, attrs.alignCorners),
    Number(attrs.halfPixelCenters ?? false),
    Number(attrs.alignCorners ?? false),
  ];
}

function check(kernelName: string, images: readonly number[], size: readonly number[]): void {
  const areSizes =
    Array.isArray(size) && size.length === 2 && size.every((n) => Number.isInteger(n) && n >= 0);
  if (images.length !== 4 || !areSizes) {
    throw new Error(
      `${kernelName}: \`images\` must have 4 axes and \`size\` 2 whole numbers, received [${images}] and [${size}]`,
    );
  }
}

const forward = (name: string, native: string, dtypes: ('float32' | 'int32')[]) =>
  kernel<{ images: TensorInfo }, ResizeAttrs>(
    name,
    ({ inputs: { images }, attrs, backend }) => {
      const [batch, , , channels] = images.shape as [number, number, number, number];
      const out = backend.output([batch, ...attrs.size, channels], images.dtype);
      const args = geometry(images.shape, attrs.size, attrs);
      backend.library.call(native, backend.address(images), backend.address(out), ...args);
      return out;
    },
    ({ inputs: { images }, attrs: { size } }) => {
      check(name, images.shape, size);
      return !size.includes(0) && dtypes.some((dtype) => areOf(dtype, images));
    },
  );

// TensorFlow.js's cpu gradients leave out half-pixel centres, and swap height and width in the bilinear one's shape.
const gradient = (name: string, native: string) =>
  kernel<{ images: TensorInfo; dy: TensorInfo }, ResizeAttrs>(
    name,
    ({ inputs: { images, dy }, attrs, backend }) => {
      const dx = backend.output(images.shape, 'float32');
      const args = geometry(images.shape, dy.shape.slice(1, 3), attrs);
      backend.library.call(native, backend.address(dy), backend.address(dx), ...args);
      return dx;
    },
    ({ inputs: { images, dy } }) => {
      check(name, images.shape, dy.shape.slice(1, 3));
      if (dy.shape.length !== 4 || dy.shape[0] !== images.shape[0] || dy.shape[3] !== images.shape[3]) {
        throw new Error(
          `${name}: \`dy\` must have the batch and channels of \`images\` [${images.shape}], received [${dy.shape}]`,
        );
      }
      return areFloats(images, dy);
    },
  );

export const resizeKernels = [
  forward('ResizeBilinear', 'resizeBilinear', ['float32']),
  forward('ResizeNearestNeighbor', 'resizeNearest', ['float32', 'int32']),
  gradient('ResizeBilinearGrad', 'resizeBilinearGradient'),
  gradient('ResizeNearestNeighborGrad', 'resizeNearestGradient'),
];
