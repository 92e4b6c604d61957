export { type StatisticsExchange, withSynchronizedBatchNorm } from './batch-norm-synchronized';
export { type BatchNormTrainOptions, batchNormTrain } from './batch-norm-train';
export { BatchNormalization, batchNormalization } from './batch-normalization';
export type { BatchNormalizationArgs } from './batch-normalization-args';
export type { BetweenArgs } from './between';
export { checkpoint } from './checkpoint';
export { Checkpoint, type CheckpointArgs, checkpointBlock } from './checkpoint-layer';
export { Conv2D, type Conv2DArgs, conv2d } from './conv2d';
export type { DataFormat } from './data-format';
export { DepthwiseConv2D, type DepthwiseConv2DArgs, depthwiseConv2d } from './depthwise-conv2d';
export { DropPath, type DropPathArgs, dropPath } from './drop-path';
export { Dropout, type DropoutArgs, dropout } from './dropout';
export { fromKerasConfig, type KerasLayerConfig } from './from-keras-config';
export { IdentityKernel, type IdentityKernelArgs, identityKernel } from './identity-kernel';
export { MaxPooling2D, type MaxPooling2DArgs, maxPooling2d } from './max-pooling2d';
export { portable } from './portable';
export { deriveSeed } from './random';
export { relu } from './relu';
export { ReLU, reLU } from './relu-layer';
export type { SeparableOrder } from './separable-conv-layer';
export { SeparableConv1D, type SeparableConv1DArgs, separableConv1d } from './separable-conv1d';
export { SeparableConv2D, type SeparableConv2DArgs, separableConv2d } from './separable-conv2d';
export { softmaxCrossEntropy } from './softmax-cross-entropy';
export { setTrainingStep } from './training-step';
export {
  type Distribution,
  type FanMode,
  VarianceScaling,
  type VarianceScalingArgs,
  varianceScaling,
} from './variance-scaling';
export type { Padding } from './window';
