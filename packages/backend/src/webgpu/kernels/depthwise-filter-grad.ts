import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { runShader, type Shader } from '../run-shader';
import { splitRows } from '../splits';
import { kernel, sizeOf } from './kernel';
import { sumOfSplits } from './sum-splits';

/** A workgroup takes so many channels of dy, and so many of its places at a time. */
const CHANNELS = 16;
const PLACES = 16;
/** A thread holds one sum for each tap of the filter. */
const MOST_TAPS = 49;

const buffers = { x: 'read', dy: 'read', parts: 'read_write' } as const;
const names = ['places', 'length', 'channels', 'multiplier', 'in_h', 'in_w', 'out_h', 'out_w'] as const;
const others = ['stride_h', 'stride_w', 'pad_h', 'pad_w'] as const;
type Uniform = (typeof names)[number] | (typeof others)[number];
const uniforms = Object.fromEntries([...names, ...others].map((name) => [name, 'u32'])) as Record<
  Uniform,
  'u32'
>;

/** The sums over a part of dy's places, [part, kernel height, kernel width, channels · multiplier]. */
function filterShader(height: number, width: number): Shader<keyof typeof buffers, Uniform> {
  const taps = Array.from({ length: height * width }, (_, t) => ({
    t,
    h: Math.floor(t / width),
    w: t % width,
  }));
  return {
    name: `depthwiseFilterGrad ${height} ${width}`,
    buffers,
    uniforms,
    code: `
      var<workgroup> sums: array<f32, ${CHANNELS * PLACES}>;
      @compute @workgroup_size(${CHANNELS}, ${PLACES})
      fn main(@builtin(local_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
        let all = u.channels * u.multiplier;
        let c = group.x * ${CHANNELS}u + id.x;
        let from_c = c / u.multiplier;
        let first = group.y * u.length;
        let last = min(first + u.length, u.places);
        ${taps.map(({ t }) => `var s${t} = 0.0;`).join(' ')}
        if (c < all) {
          for (var p = first + id.y; p < last; p += ${PLACES}u) {
            let g = dy[p * all + c];
            let ow = p % u.out_w;
            let oh = p / u.out_w % u.out_h;
            let image = p / (u.out_w * u.out_h) * u.in_h;
            // Below 0 wraps around to a number above every size.
            let h = oh * u.stride_h - u.pad_h;
            let w = ow * u.stride_w - u.pad_w;
            ${taps
              .map(
                ({ t, h, w }) => `if (h + ${h}u < u.in_h && w + ${w}u < u.in_w) {
                  s${t} += g * x[((image + h + ${h}u) * u.in_w + w + ${w}u) * u.channels + from_c];
                }`,
              )
              .join('\n')}
          }
        }
        ${taps
          .map(
            ({ t }) => `
          workgroupBarrier();
          sums[id.y * ${CHANNELS}u + id.x] = s${t};
          workgroupBarrier();
          if (id.y == 0u && c < all) {
            var sum = 0.0;
            for (var r = 0u; r < ${PLACES}u; r++) { sum += sums[r * ${CHANNELS}u + id.x]; }
            parts[(group.y * ${taps.length}u + ${t}u) * all + c] = sum;
          }`,
          )
          .join('')}
      }`,
  };
}

interface Attrs {
  strides: [number, number] | number;
  dilations?: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

export const depthwiseFilterGrad = kernel<{ x: TensorInfo; dy: TensorInfo }, Attrs>(
  'DepthwiseConv2dNativeBackpropFilter',
  ({ inputs: { x, dy }, attrs, gpu }) => {
    const { strides, dilations = 1, pad, dimRoundingMode, filterShape } = attrs;
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
    const taps = info.filterHeight * info.filterWidth;
    const dilated = info.dilationHeight > 1 || info.dilationWidth > 1;
    const floats = x.dtype === 'float32' && dy.dtype === 'float32';
    if (!floats || dilated || taps > MOST_TAPS || sizeOf(x) === 0 || sizeOf(dy) === 0) return null;
    const places = info.batchSize * info.outHeight * info.outWidth;
    const tiles = Math.ceil(info.outChannels / CHANNELS);
    const { splits, length } = splitRows(places, tiles, 64);
    const numbers = {
      places,
      length,
      channels: info.inChannels,
      multiplier: info.outChannels / info.inChannels,
      in_h: info.inHeight,
      in_w: info.inWidth,
      out_h: info.outHeight,
      out_w: info.outWidth,
      stride_h: info.strideHeight,
      stride_w: info.strideWidth,
      pad_h: info.padInfo.top,
      pad_w: info.padInfo.left,
    };
    const shader = filterShader(info.filterHeight, info.filterWidth);
    return sumOfSplits(gpu, filterShape, splits, (parts) =>
      runShader(gpu, shader, { x, dy, parts }, numbers, [tiles, splits, 1]),
    );
  },
);
