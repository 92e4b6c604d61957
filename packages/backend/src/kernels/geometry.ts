import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';

export type Pad = 'same' | 'valid' | number | backend_util.ExplicitPadding;
export type Pair = number | [number, number];
export type Shape4 = [number, number, number, number];

export interface WindowAttrs {
  strides: Pair;
  pad: Pad;
  dilations?: Pair;
  dataFormat?: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const isWhole = (least: number) => (value: number) => Number.isInteger(value) && value >= least;

/** Throws unless a window's geometry is made of whole numbers that the native kernels can walk by. */
function check(kernelName: string, c: backend_util.Conv2DInfo): void {
  const positive = {
    strides: [c.strideHeight, c.strideWidth],
    dilations: [c.dilationHeight, c.dilationWidth],
    'window size': [c.filterHeight, c.filterWidth],
  };
  for (const [name, values] of Object.entries(positive)) {
    if (!values.every(isWhole(1))) {
      throw new Error(`${kernelName}: \`${name}\` must be whole numbers from 1, received [${values}]`);
    }
  }
  const { top, bottom, left, right } = c.padInfo;
  if (![top, bottom, left, right].every(isWhole(0))) {
    throw new Error(
      `${kernelName}: \`pad\` must be whole numbers from 0, received [${[top, bottom, left, right]}]`,
    );
  }
  if (!c.outShape.every(isWhole(0))) {
    throw new Error(
      `${kernelName}: a window of [${c.filterHeight}, ${c.filterWidth}] does not fit the input [${c.inShape}]; ` +
        'pad the input or use a smaller window',
    );
  }
}

function checkRank(kernelName: string, name: string, shape: readonly number[]): void {
  if (shape.length !== 4) {
    throw new Error(`${kernelName}: \`${name}\` must have 4 axes, received [${shape}]`);
  }
}

/** The geometry of a convolution, checked. */
export function convGeometry(
  kernelName: string,
  x: readonly number[],
  filter: readonly number[],
  attrs: WindowAttrs,
  depthwise = false,
): backend_util.Conv2DInfo {
  checkRank(kernelName, 'x', x);
  checkRank(kernelName, 'filter', filter);
  if (x[3] !== filter[2]) {
    throw new Error(
      `${kernelName}: \`x\` must have the filter's ${filter[2]} input channels last, received [${x}] with a filter of [${filter}]`,
    );
  }
  const c = backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
  );
  check(kernelName, c);
  return c;
}

/** The geometry of a pooling, checked. */
export function poolGeometry(
  kernelName: string,
  x: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: WindowAttrs & { filterSize: Pair },
): backend_util.Conv2DInfo {
  checkRank(kernelName, 'x', x);
  const p = backend_util.computePool2DInfo(x as Shape4, filterSize, strides, 1, pad, dimRoundingMode);
  check(kernelName, p);
  return p;
}

/** Throws unless an output gradient has the shape of the output. */
export function checkGradient(kernelName: string, dy: TensorInfo, outShape: readonly number[]): void {
  if (!util.arraysEqual(dy.shape, [...outShape])) {
    throw new Error(
      `${kernelName}: \`dy\` must have the output's shape [${outShape}], received [${dy.shape}]`,
    );
  }
}
