import type { KernelConfig } from '@tensorflow/tfjs-core';
import { batchNormKernels } from './batch-norm';
import { binaryKernels } from './binary';
import { castKernels } from './cast';
import { convKernels } from './conv';
import { createKernels } from './create';
import { depthwiseKernels } from './depthwise';
import { dropoutKernels } from './dropout';
import { fallbackKernels } from './fallback';
import { gatherKernels } from './gather';
import { joinKernels } from './join';
import { matmulKernels } from './matmul';
import { muonKernels } from './muon';
import { optimizerKernels } from './optimizer';
import { padKernels } from './pad';
import { poolKernels } from './pool';
import { rectifierKernels } from './rectifier';
import { reduceKernels } from './reduce';
import { resizeKernels } from './resize';
import { separableConvKernels } from './separable-conv';
import { shapeKernels } from './shape';
import { sliceKernels } from './slice';
import { softmaxKernels } from './softmax';
import { transposeKernels } from './transpose';
import { unaryKernels } from './unary';

/** Kernels that run in native code. */
export const ownKernels: readonly KernelConfig[] = [
  ...batchNormKernels,
  ...binaryKernels,
  ...castKernels,
  ...convKernels,
  ...createKernels,
  ...depthwiseKernels,
  ...dropoutKernels,
  ...gatherKernels,
  ...joinKernels,
  ...matmulKernels,
  ...muonKernels,
  ...optimizerKernels,
  ...padKernels,
  ...poolKernels,
  ...rectifierKernels,
  ...reduceKernels,
  ...resizeKernels,
  ...separableConvKernels,
  ...shapeKernels,
  ...sliceKernels,
  ...softmaxKernels,
  ...transposeKernels,
  ...unaryKernels,
];

/** All kernels of the backend: ours, and TensorFlow.js's cpu kernels for the rest. */
export const allKernels = (): KernelConfig[] => [...ownKernels, ...fallbackKernels(ownKernels)];
