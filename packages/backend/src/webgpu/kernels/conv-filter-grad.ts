import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { runShader } from '../run-shader';
import { splitRows } from '../splits';
import { kernel, sizeOf } from './kernel';
import { sumOfSplits } from './sum-splits';

/** A workgroup of 8 × 8 threads computes TILE × TILE values, 4 × 4 each, from DEPTH places at a time. */
const TILE = 32;
const DEPTH = 16;

const names = ['places', 'length', 'taps', 'channels', 'filters', 'kernel_w', 'in_h', 'in_w'] as const;
const others = ['out_h', 'out_w', 'stride_h', 'stride_w', 'pad_h', 'pad_w'] as const;
type Uniform = (typeof names)[number] | (typeof others)[number];
const uniforms = Object.fromEntries([...names, ...others].map((name) => [name, 'u32'])) as Record<
  Uniform,
  'u32'
>;
const rows4 = [0, 1, 2, 3];

/** Where the filter has one tap and moves by one, a place of dy is a place of x. */
const pointwiseLoad = `value = x[p * u.channels + k];`;
const generalLoad = `
  let tap = k / u.channels;
  // Below 0 wraps around to a number above every size.
  let h = p / u.out_w % u.out_h * u.stride_h + tap / u.kernel_w - u.pad_h;
  let w = p % u.out_w * u.stride_w + tap % u.kernel_w - u.pad_w;
  if (h < u.in_h && w < u.in_w) {
    let image = p / (u.out_w * u.out_h) * u.in_h;
    value = x[((image + h) * u.in_w + w) * u.channels + k % u.channels];
  }`;

/** The product of x, laid out as [taps · channels, places], and dy [places, filters], over a part of the places. */
const shaderOf = (pointwise: boolean) =>
  ({
    name: pointwise ? 'pointwiseFilterGrad' : 'convFilterGrad',
    buffers: { x: 'read', dy: 'read', parts: 'read_write' },
    uniforms,
    code: `
      var<workgroup> xs: array<f32, ${TILE * DEPTH}>;
      var<workgroup> dys: array<f32, ${TILE * DEPTH}>;
      @compute @workgroup_size(8, 8)
      fn main(
        @builtin(local_invocation_id) id: vec3<u32>,
        @builtin(local_invocation_index) thread: u32,
        @builtin(workgroup_id) group: vec3<u32>,
      ) {
        let size = u.taps * u.channels;
        let first = group.z * u.length;
        let last = min(first + u.length, u.places);
        ${rows4.map((r) => `var sum${r} = vec4<f32>(0.0);`).join(' ')}
        for (var begin = first; begin < last; begin += ${DEPTH}u) {
          for (var slot = thread; slot < ${TILE * DEPTH}u; slot += 64u) {
            let p = begin + slot / ${TILE}u;
            let k = group.x * ${TILE}u + slot % ${TILE}u;
            let n = group.y * ${TILE}u + slot % ${TILE}u;
            var value = 0.0;
            if (p < last && k < size) { ${pointwise ? pointwiseLoad : generalLoad} }
            xs[slot] = value;
            dys[slot] = 0.0;
            if (p < last && n < u.filters) { dys[slot] = dy[p * u.filters + n]; }
          }
          workgroupBarrier();
          for (var d = 0u; d < ${DEPTH}u; d++) {
            let row = d * ${TILE}u + id.y * 4u;
            let column = d * ${TILE}u + id.x * 4u;
            let g = vec4<f32>(dys[column], dys[column + 1u], dys[column + 2u], dys[column + 3u]);
            ${rows4.map((r) => `sum${r} += xs[row + ${r}u] * g;`).join(' ')}
          }
          workgroupBarrier();
        }
        let k = group.x * ${TILE}u + id.y * 4u;
        let n = group.y * ${TILE}u + id.x * 4u;
        ${rows4
          .map(
            (r) => `
          for (var j = 0u; j < 4u; j++) {
            if (k + ${r}u < size && n + j < u.filters) {
              parts[(group.z * size + k + ${r}u) * u.filters + n + j] = sum${r}[j];
            }
          }`,
          )
          .join('')}
      }`,
  }) as const;

interface Attrs {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat?: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

export const convFilterGrad = kernel<{ x: TensorInfo; dy: TensorInfo }, Attrs>(
  'Conv2DBackpropFilter',
  ({ inputs: { x, dy }, attrs, gpu }) => {
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs;
    const floats = x.dtype === 'float32' && dy.dtype === 'float32';
    if (!floats || dataFormat === 'NCHW' || sizeOf(x) === 0 || sizeOf(dy) === 0) return null;
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const places = info.batchSize * info.outHeight * info.outWidth;
    const taps = info.filterHeight * info.filterWidth;
    const { top, left } = info.padInfo;
    const moves = Math.max(info.strideHeight, info.strideWidth);
    const pointwise =
      taps === 1 &&
      moves === 1 &&
      info.outHeight === info.inHeight &&
      info.outWidth === info.inWidth &&
      top === 0 &&
      left === 0;
    const tiles = [Math.ceil((taps * info.inChannels) / TILE), Math.ceil(info.outChannels / TILE)] as const;
    const { splits, length } = splitRows(places, tiles[0] * tiles[1], 4 * DEPTH);
    const numbers = {
      places,
      length,
      taps,
      channels: info.inChannels,
      filters: info.outChannels,
      kernel_w: info.filterWidth,
      in_h: info.inHeight,
      in_w: info.inWidth,
      out_h: info.outHeight,
      out_w: info.outWidth,
      stride_h: info.strideHeight,
      stride_w: info.strideWidth,
      pad_h: top,
      pad_w: left,
    };
    return sumOfSplits(gpu, filterShape, splits, (parts) =>
      runShader(gpu, shaderOf(pointwise), { x, dy, parts }, numbers, [...tiles, splits]),
    );
  },
);
