import type { TensorInfo } from '@tensorflow/tfjs-core';
import { ConvPlan } from './conv-plan';
import { detach } from './detach';
import { areFloats, kernel, sizeOf } from './kernel';

interface TrainInputs {
  x: TensorInfo;
  gamma: TensorInfo;
  beta: TensorInfo;
  /** Updated in place. */
  movingMean: TensorInfo;
  movingVariance: TensorInfo;
}

interface GradientInputs {
  x: TensorInfo;
  y: TensorInfo;
  dy: TensorInfo;
  gamma: TensorInfo;
  mean: TensorInfo;
  invStd: TensorInfo;
}

interface InferenceInputs {
  x: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
  offset?: TensorInfo;
  scale?: TensorInfo;
}

const channelsOf = (x: TensorInfo): number => x.shape.at(-1)!;

function checkVectors(kernelName: string, x: TensorInfo, vectors: object): void {
  const channels = channelsOf(x);
  if (x.dtype !== 'float32' || sizeOf(x) === 0) {
    throw new Error(`${kernelName}: \`x\` must be float32 and not empty, received ${x.dtype} [${x.shape}]`);
  }
  for (const [name, vector] of Object.entries(vectors) as [string, TensorInfo][]) {
    if (vector.dtype !== 'float32' || sizeOf(vector) !== channels) {
      throw new Error(
        `${kernelName}: \`${name}\` must hold ${channels} float32 values, received ${vector.dtype} [${vector.shape}]`,
      );
    }
  }
}

export const batchNormKernels = [
  kernel<TrainInputs, { momentum: number; epsilon: number; relu?: boolean; unbiasedVariance?: boolean }>(
    'XcpBatchNormTrain',
    ({ inputs: { x, gamma, beta, movingMean, movingVariance }, attrs, backend }) => {
      const channels = channelsOf(x);
      checkVectors('XcpBatchNormTrain', x, { gamma, beta, movingMean, movingVariance });
      const moving = [detach(backend, movingMean), detach(backend, movingVariance)];
      const y = backend.output(x.shape, 'float32');
      const mean = backend.output([channels], 'float32');
      const invStd = backend.output([channels], 'float32');
      backend.library.call(
        'batchNormTrain',
        ...[x, gamma, beta, ...moving, y, mean, invStd].map((t) => backend.address(t)),
        sizeOf(x) / channels,
        channels,
        attrs.momentum,
        attrs.epsilon,
        Number(attrs.relu ?? false),
        Number(attrs.unbiasedVariance ?? false),
      );
      return [y, mean, invStd];
    },
  ),
  kernel<GradientInputs, { relu?: boolean }>(
    'XcpBatchNormTrainGrad',
    ({ inputs: { x, y, dy, gamma, mean, invStd }, attrs, backend }) => {
      const channels = channelsOf(x);
      checkVectors('XcpBatchNormTrainGrad', x, { gamma, mean, invStd });
      for (const [name, t] of Object.entries({ y, dy })) {
        if (t.dtype !== 'float32' || sizeOf(t) !== sizeOf(x)) {
          throw new Error(
            `XcpBatchNormTrainGrad: \`${name}\` must be float32 [${x.shape}], received ${t.dtype} [${t.shape}]`,
          );
        }
      }
      const dx = backend.output(x.shape, 'float32');
      const dgamma = backend.output([channels], 'float32');
      const dbeta = backend.output([channels], 'float32');
      backend.library.call(
        'batchNormTrainGradient',
        ...[x, y, dy, gamma, mean, invStd, dx, dgamma, dbeta].map((t) => backend.address(t)),
        sizeOf(x) / channels,
        channels,
        Number(attrs.relu ?? false),
      );
      return [dx, dgamma, dbeta];
    },
  ),
  kernel<InferenceInputs, { varianceEpsilon?: number }>(
    'FusedBatchNorm',
    ({ inputs: { x, mean, variance, offset, scale }, attrs, backend }) => {
      const { varianceEpsilon: epsilon = 0.001 } = attrs;
      const conv = backend.planOf(x);
      const statistics = { mean, variance, offset, scale };
      const fits = conv instanceof ConvPlan && conv.inputs.filter.shape[3] === channelsOf(x);
      const folded = fits ? conv.normalized(statistics, epsilon) : undefined;
      if (folded) return backend.outputLater(x.shape, folded);
      const y = backend.output(x.shape, 'float32');
      backend.library.call(
        'batchNormInference',
        backend.address(x),
        backend.address(mean),
        backend.address(variance),
        offset ? backend.address(offset) : 0,
        scale ? backend.address(scale) : 0,
        backend.address(y),
        sizeOf(x) / channelsOf(x),
        channelsOf(x),
        epsilon,
      );
      return y;
    },
    ({ inputs: { x, mean, variance, offset, scale } }) =>
      areFloats(x, mean, variance, offset, scale) &&
      [mean, variance, offset, scale].every(
        (t) => !t || (t.shape.length === 1 && sizeOf(t) === channelsOf(x)),
      ),
  ),
];
