import type { TensorInfo } from '@tensorflow/tfjs-core';
import { forEachElement, groupsFor, runShader, type Shader } from '../run-shader';
import { splitRows } from '../splits';
import { CHANNELS, forEachRow, reduceMain } from './batch-norm-reduce';
import { kernel, sizeOf } from './kernel';

/** What comes back through the rectifier, which lets pass where its output is above 0. */
const passed = (relu: boolean) => (relu ? 'select(0.0, dy[i], y[i] > 0.0)' : 'dy[i]');

const sumsShader = (relu: boolean): Shader<string, 'rows' | 'channels' | 'length'> => ({
  name: relu ? 'batchNormGradSumsRelu' : 'batchNormGradSums',
  buffers: {
    x: 'read',
    dy: 'read',
    ...(relu && { y: 'read' }),
    mean: 'read',
    inv_std: 'read',
    parts: 'read_write',
  },
  uniforms: { rows: 'u32', channels: 'u32', length: 'u32' },
  code: reduceMain(`
      var dgamma = 0.0;
      var dbeta = 0.0;
      if (c < u.channels) {
        let m = mean[c];
        ${forEachRow(`let g = ${passed(relu)}; dbeta += g; dgamma += g * (x[i] - m);`)}
        dgamma *= inv_std[c];
      }
      dgamma = sum_over_rows(dgamma, id);
      dbeta = sum_over_rows(dbeta, id);
      if (id.y == 0u && c < u.channels) {
        parts[part] = dgamma;
        parts[part + u.channels] = dbeta;
      }`),
});

/** Joins the parts, and of each channel what the gradient of x is made of. */
const joinShader = {
  name: 'batchNormGradJoin',
  buffers: {
    parts: 'read',
    gamma: 'read',
    inv_std: 'read',
    dgamma: 'read_write',
    dbeta: 'read_write',
    factors: 'read_write',
  },
  uniforms: { size: 'u32', splits: 'u32', rows: 'f32' },
  // The batch's mean and variance move with x, which takes away what dy has in common with 1 and with x.
  code: forEachElement(`
    var g = 0.0;
    var b = 0.0;
    for (var s = 0u; s < u.splits; s++) {
      g += parts[s * 2u * u.size + i];
      b += parts[(s * 2u + 1u) * u.size + i];
    }
    dgamma[i] = g;
    dbeta[i] = b;
    let scale = gamma[i] * inv_std[i];
    factors[i] = scale;
    factors[u.size + i] = -scale * inv_std[i] * g / u.rows;
    factors[2u * u.size + i] = -scale * b / u.rows;`),
} as const;

const inputShader = (relu: boolean): Shader<string, 'size' | 'channels'> => ({
  name: relu ? 'batchNormGradInputRelu' : 'batchNormGradInput',
  buffers: {
    x: 'read',
    dy: 'read',
    ...(relu && { y: 'read' }),
    mean: 'read',
    factors: 'read',
    dx: 'read_write',
  },
  uniforms: { size: 'u32', channels: 'u32' },
  code: forEachElement(`
      let c = i % u.channels;
      dx[i] = factors[c] * ${passed(relu)} + factors[u.channels + c] * (x[i] - mean[c])
        + factors[2u * u.channels + c];`),
});

type Inputs = Record<'x' | 'y' | 'dy' | 'gamma' | 'mean' | 'invStd', TensorInfo>;

export const batchNormTrainGrad = kernel<Inputs, { relu?: boolean }>(
  'XcpBatchNormTrainGrad',
  ({ inputs: { x, y, dy, gamma, mean, invStd }, attrs: { relu = false }, gpu }) => {
    const size = sizeOf(x);
    const channels = x.shape.at(-1)!;
    const rows = size / channels;
    const tiles = Math.ceil(channels / CHANNELS);
    const { splits, length } = splitRows(rows, tiles, 64);
    const parts = gpu.makeTensorInfo([splits, 2, channels], 'float32');
    const factors = gpu.makeTensorInfo([3, channels], 'float32');
    const dgamma = gpu.makeTensorInfo([channels], 'float32');
    const dbeta = gpu.makeTensorInfo([channels], 'float32');
    const dx = gpu.makeTensorInfo(x.shape, 'float32');
    const given = { x, dy, y, gamma, mean, inv_std: invStd };
    runShader(gpu, sumsShader(relu), { ...given, parts }, { rows, channels, length }, [tiles, splits, 1]);
    const joined = { parts, gamma, inv_std: invStd, dgamma, dbeta, factors };
    runShader(gpu, joinShader, joined, { size: channels, splits, rows }, groupsFor(channels));
    runShader(gpu, inputShader(relu), { ...given, factors, dx }, { size, channels }, groupsFor(size));
    gpu.disposeData(parts.dataId);
    gpu.disposeData(factors.dataId);
    return [dx, dgamma, dbeta];
  },
);
