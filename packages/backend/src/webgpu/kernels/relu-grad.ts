import type { TensorInfo } from '@tensorflow/tfjs-core';
import { forEachElement, groupsFor, runShader } from '../run-shader';
import { kernel, sizeOf } from './kernel';

const shader = {
  name: 'reluGrad',
  buffers: { dy: 'read', y: 'read', dx: 'read_write' },
  uniforms: { size: 'u32' },
  code: forEachElement('dx[i] = select(0.0, dy[i], y[i] > 0.0);'),
} as const;

export const reluGrad = kernel<{ dy: TensorInfo; y: TensorInfo }, unknown>(
  'XcpReluGrad',
  ({ inputs: { dy, y }, gpu }) => {
    const dx = gpu.makeTensorInfo(y.shape, 'float32');
    const size = sizeOf(y);
    if (size > 0) runShader(gpu, shader, { dy, y, dx }, { size }, groupsFor(size));
    return dx;
  },
);
