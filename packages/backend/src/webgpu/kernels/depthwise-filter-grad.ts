import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { forEachElement, groupsFor, runShader, type Shader } from '../run-shader';
import { kernel, sizeOf } from './kernel';
import { sumOfSplits } from './sum-splits';

/** A thread has a channel, a part of dy's places, and a sum for each tap of the filter; so many threads are enough. */
const THREADS = 8192;
const MOST_TAPS = 49;

const buffers = { x: 'read', dy: 'read', parts: 'read_write' } as const;
const names = [
  'size',
  'places',
  'length',
  'channels',
  'multiplier',
  'in_h',
  'in_w',
  'out_h',
  'out_w',
] as const;
const others = ['stride_h', 'stride_w', 'pad_h', 'pad_w'] as const;
type Uniform = (typeof names)[number] | (typeof others)[number];
const uniforms = Object.fromEntries([...names, ...others].map((name) => [name, 'u32'])) as Record<
  Uniform,
  'u32'
>;

/** The sums over parts of dy's places, [part, kernel height, kernel width, channels · multiplier]. */
function filterShader(height: number, width: number): Shader<keyof typeof buffers, Uniform> {
  const taps = Array.from({ length: height * width }, (_, t) => t);
  const tap = (t: number) => {
    const [h, w] = [Math.floor(t / width), t % width];
    return `if (h + ${h}u < u.in_h && w + ${w}u < u.in_w) {
      s${t} += g * x[((image + h + ${h}u) * u.in_w + w + ${w}u) * u.channels + from_c];
    }`;
  };
  return {
    name: `depthwiseFilterGrad ${height} ${width}`,
    buffers,
    uniforms,
    code: forEachElement(`
      let all = u.channels * u.multiplier;
      let c = i % all;
      let part = i / all;
      let from_c = c / u.multiplier;
      let last = min((part + 1u) * u.length, u.places);
      ${taps.map((t) => `var s${t} = 0.0;`).join(' ')}
      for (var p = part * u.length; p < last; p++) {
        let g = dy[p * all + c];
        let image = p / (u.out_w * u.out_h) * u.in_h;
        // Below 0 wraps around to a number above every size.
        let h = p / u.out_w % u.out_h * u.stride_h - u.pad_h;
        let w = p % u.out_w * u.stride_w - u.pad_w;
        ${taps.map(tap).join('\n')}
      }
      ${taps.map((t) => `parts[(part * ${taps.length}u + ${t}u) * all + c] = s${t};`).join(' ')}`),
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
    const wanted = Math.min(Math.ceil(THREADS / info.outChannels), Math.ceil(places / 32));
    const length = Math.ceil(places / wanted);
    const splits = Math.ceil(places / length);
    const size = splits * info.outChannels;
    const numbers = {
      size,
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
      runShader(gpu, shader, { x, dy, parts }, numbers, groupsFor(size)),
    );
  },
);
