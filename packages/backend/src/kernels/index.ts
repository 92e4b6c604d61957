import type { KernelConfig } from '@tensorflow/tfjs-core';
import { batchNormKernels } from './batch-norm';
import { convKernels } from './conv';
import { depthwiseKernels } from './depthwise';
import { elementwiseKernels } from './elementwise';
import { fallbackKernels } from './fallback';
import { matmulKernels } from './matmul';
import { optimizerKernels } from './optimizer';
import { poolKernels } from './pool';
import { reduceKernels } from './reduce';
import { shapeKernels } from './shape';

/** Kernels that run in native code. */
export const ownKernels: readonly KernelConfig[] = [
  ...batchNormKernels,
  ...convKernels,
  ...depthwiseKernels,
  ...elementwiseKernels,
  ...matmulKernels,
  ...optimizerKernels,
  ...poolKernels,
  ...reduceKernels,
  ...shapeKernels,
];

/** All kernels of the backend: ours, and TensorFlow.js's cpu kernels for the rest. */
export const allKernels = (): KernelConfig[] => [...ownKernels, ...fallbackKernels(ownKernels)];
