import type * as tfl from '@tensorflow/tfjs-layers';

// TensorFlow.js does not export these types by name, so they are read off the factories that use them.
type Conv2DArgs = Parameters<typeof tfl.layers.conv2d>[0];

/** The arguments that every layer takes: `name`, `trainable`, `inputShape`, … */
export type LayerArgs = NonNullable<Parameters<typeof tfl.layers.add>[0]>;

/** An initializer instance, or its TensorFlow.js name such as `'glorotUniform'`. */
export type InitializerLike = NonNullable<Conv2DArgs['kernelInitializer']>;
/** A regularizer instance, or its TensorFlow.js name such as `'l1l2'`. */
export type RegularizerLike = NonNullable<Conv2DArgs['kernelRegularizer']>;
/** A constraint instance, or its TensorFlow.js name such as `'maxNorm'`. */
export type ConstraintLike = NonNullable<Conv2DArgs['kernelConstraint']>;
/** The TensorFlow.js name of an activation, such as `'relu'`. */
export type ActivationName = NonNullable<Conv2DArgs['activation']>;

export type Initializer = Exclude<InitializerLike, string>;
export type Regularizer = Exclude<RegularizerLike, string>;
export type Constraint = Exclude<ConstraintLike, string>;

/** What TensorFlow.js hands to `Layer.call`: `training` among others. */
export type CallArgs = { training?: boolean; [key: string]: unknown };
