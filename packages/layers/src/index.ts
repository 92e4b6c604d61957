export { type BatchNormTrainOptions, batchNormTrain } from './batch-norm-train';
export { BatchNormalization, type BatchNormalizationArgs, batchNormalization } from './batch-normalization';
export { Dropout, type DropoutArgs, dropout, setTrainingStep } from './dropout';
export { portable } from './portable';
export { deriveSeed } from './random';
export { relu } from './relu';
export { ReLU, reLU } from './relu-layer';
export { SeparableConv2D, type SeparableConv2DArgs, separableConv2d } from './separable-conv2d';
export {
  type Distribution,
  type FanMode,
  VarianceScaling,
  type VarianceScalingArgs,
  varianceScaling,
} from './variance-scaling';
