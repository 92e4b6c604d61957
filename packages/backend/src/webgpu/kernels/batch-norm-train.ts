import type { TensorInfo } from '@tensorflow/tfjs-core';
import { detach } from '../detach';
import { forEachElement, groupsFor, runShader } from '../run-shader';
import { splitRows } from '../splits';
import { CHANNELS, forEachRow, reduceMain } from './batch-norm-reduce';
import { kernel, sizeOf } from './kernel';

/** Of each part of the rows its mean and the sum of squared differences from that, which loses no digits. */
const momentsShader = {
  name: 'batchNormMoments',
  buffers: { x: 'read', parts: 'read_write' },
  uniforms: { rows: 'u32', channels: 'u32', length: 'u32' },
  code: reduceMain(`
    var sum = 0.0;
    ${forEachRow('sum += x[i];')}
    let mean = sum_over_rows(sum, id) / f32(last - first);
    var squares = 0.0;
    ${forEachRow('let d = x[i] - mean; squares += d * d;')}
    squares = sum_over_rows(squares, id);
    if (id.y == 0u && c < u.channels) {
      parts[part] = mean;
      parts[part + u.channels] = squares;
    }`),
} as const;

/** Joins the parts, as Chan, Golub and LeVeque do, and moves the moving statistics. */
const statisticsShader = {
  name: 'batchNormStatistics',
  buffers: {
    parts: 'read',
    mean: 'read_write',
    inv_std: 'read_write',
    moving_mean: 'read_write',
    moving_variance: 'read_write',
  },
  uniforms: {
    size: 'u32',
    rows: 'u32',
    length: 'u32',
    splits: 'u32',
    momentum: 'f32',
    taken: 'f32',
    epsilon: 'f32',
    correction: 'f32',
  },
  code: forEachElement(`
    var m = parts[i];
    var squares = parts[u.size + i];
    var n = f32(min(u.length, u.rows));
    for (var s = 1u; s < u.splits; s++) {
      let more = f32(min((s + 1u) * u.length, u.rows) - s * u.length);
      let d = parts[s * 2u * u.size + i] - m;
      m += d * more / (n + more);
      squares += parts[(s * 2u + 1u) * u.size + i] + d * d * n * more / (n + more);
      n += more;
    }
    let variance = squares / n;
    mean[i] = m;
    inv_std[i] = 1.0 / sqrt(variance + u.epsilon);
    if (u.taken != 0.0) {
      moving_mean[i] = moving_mean[i] * u.momentum + m * u.taken;
      moving_variance[i] = moving_variance[i] * u.momentum + variance * u.correction * u.taken;
    }`),
} as const;

const applyShader = (relu: boolean) =>
  ({
    name: relu ? 'batchNormRelu' : 'batchNorm',
    buffers: {
      x: 'read',
      mean: 'read',
      inv_std: 'read',
      gamma: 'read',
      beta: 'read',
      y: 'read_write',
    },
    uniforms: { size: 'u32', channels: 'u32' },
    code: forEachElement(`
      let c = i % u.channels;
      let v = (x[i] - mean[c]) * inv_std[c] * gamma[c] + beta[c];
      y[i] = ${relu ? 'select(v, 0.0, v < 0.0)' : 'v'};`),
  }) as const;

type Inputs = Record<'x' | 'gamma' | 'beta' | 'movingMean' | 'movingVariance', TensorInfo>;
interface Attrs {
  momentum: number;
  epsilon: number;
  relu?: boolean;
  unbiasedVariance?: boolean;
}

export const batchNormTrain = kernel<Inputs, Attrs>(
  'XcpBatchNormTrain',
  ({ inputs: { x, gamma, beta, movingMean, movingVariance }, attrs, gpu }) => {
    const { momentum, epsilon, relu = false, unbiasedVariance = false } = attrs;
    const size = sizeOf(x);
    const channels = x.shape.at(-1)!;
    if (size === 0) {
      throw new Error(`XcpBatchNormTrain: \`x\` must not be empty, received float32 [${x.shape}]`);
    }
    const rows = size / channels;
    const tiles = Math.ceil(channels / CHANNELS);
    const { splits, length } = splitRows(rows, tiles, 64);
    const parts = gpu.makeTensorInfo([splits, 2, channels], 'float32');
    const mean = gpu.makeTensorInfo([channels], 'float32');
    const invStd = gpu.makeTensorInfo([channels], 'float32');
    const y = gpu.makeTensorInfo(x.shape, 'float32');
    runShader(gpu, momentsShader, { x, parts }, { rows, channels, length }, [tiles, splits, 1]);
    const statistics = {
      parts,
      mean,
      inv_std: invStd,
      moving_mean: detach(gpu, movingMean),
      moving_variance: detach(gpu, movingVariance),
    };
    const numbers = {
      size: channels,
      rows,
      length,
      splits,
      momentum,
      taken: 1 - momentum,
      epsilon,
      correction: unbiasedVariance && rows > 1 ? rows / (rows - 1) : 1,
    };
    runShader(gpu, statisticsShader, statistics, numbers, groupsFor(channels));
    const tensors = { x, mean, inv_std: invStd, gamma, beta, y };
    runShader(gpu, applyShader(relu), tensors, { size, channels }, groupsFor(size));
    gpu.disposeData(parts.dataId);
    return [y, mean, invStd];
  },
);
