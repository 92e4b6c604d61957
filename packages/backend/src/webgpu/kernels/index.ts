import { batchNormTrain } from './batch-norm-train';
import { batchNormTrainGrad } from './batch-norm-train-grad';
import { convFilterGrad } from './conv-filter-grad';
import { depthwiseFilterGrad } from './depthwise-filter-grad';
import { register } from './kernel';
import { reluGrad } from './relu-grad';
import { updateKernels } from './updates';

const kernels = [
  batchNormTrain,
  batchNormTrainGrad,
  convFilterGrad,
  depthwiseFilterGrad,
  reluGrad,
  ...updateKernels,
];

/** Registers our kernels in front of TensorFlow.js's, or beside them. */
export function registerKernels(): void {
  for (const each of kernels) register(each);
}
