import type { DataFormat } from './data-format';
import type { ActivationName, ConstraintLike, InitializerLike, LayerArgs, RegularizerLike } from './types';
import { layerKeys, weightKeys } from './unknown-keys';
import type { Padding } from './window';

/** The arguments that all convolutions share; `Size` is one number, or one for each spatial axis. */
export interface ConvArgs<Size> extends LayerArgs {
  /** Of the kernel, in pixels. */
  kernelSize: Size;
  /** In pixels. Default 1. */
  strides?: Size;
  /** Default `'valid'`, as in Keras; `'symmetric'` pads both sides alike, as PyTorch's networks do. */
  padding?: Padding;
  /** Default `'channelsLast'`. */
  dataFormat?: DataFormat;
  /** Pixels from tap to tap of the kernel. Default 1; above 1 the strides must be 1, unless `padding` is symmetric. */
  dilationRate?: Size;
  /** Applied to the output. Default none. */
  activation?: ActivationName;
  /** Default false, unlike Keras: in Xception batch normalization follows, and its beta is the bias. */
  useBias?: boolean;
  /** Default `'zeros'`. */
  biasInitializer?: InitializerLike;
  biasRegularizer?: RegularizerLike;
  biasConstraint?: ConstraintLike;
  /** A penalty on the output, divided by the batch; the layer's `calculateLosses` gives it after a training call. */
  activityRegularizer?: RegularizerLike;
}

/** The names of these arguments. */
export const convKeys = [
  ...layerKeys,
  ...['kernelSize', 'strides', 'padding', 'dataFormat', 'dilationRate', 'activation', 'useBias'],
  ...weightKeys('bias'),
  'activityRegularizer',
];
