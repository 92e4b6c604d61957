import { z } from 'zod';

const share = z.number().min(0).lt(1);

/** Weights with a learning rate or weight decay of their own; the first group that matches a name holds. */
const groups = z
  .array(
    z.strictObject({
      /** Parts of names of weights, such as `block14_` or `/bias`. */
      match: z.array(z.string().min(1)).min(1),
      /** Multiplies the learning rate. */
      learningRateScale: z.number().gt(0).default(1),
      /** In place of the optimizer's, biases and batch norm included; `null` as elsewhere. */
      weightDecay: z.number().min(0).nullable().default(null),
    }),
  )
  .default([]);

const common = {
  weightDecay: z.number().min(0).default(0),
  /** Names of weights (or parts of names) that weight decay leaves alone, besides batch norm and biases. */
  weightDecayExclude: z.array(z.string()).default([]),
  groups,
};

const adamKeys = {
  /** PyTorch's and Kingma & Ba's defaults. */
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  epsilon: z.number().gt(0).default(1e-8),
  ...common,
};

/** Keys as in PyTorch, whose semantics the trainer follows; the learning rate belongs to the schedule. */
export const optimizerSection = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('sgd'),
    /** 0.9, as in the Xception paper (ImageNet). */
    momentum: share.default(0.9),
    nesterov: z.boolean().default(false),
    /** Decay by shrinking the weights rather than in the gradient. */
    decoupledWeightDecay: z.boolean().default(false),
    ...common,
  }),
  z.strictObject({ name: z.literal('adam'), ...adamKeys }),
  z.strictObject({
    name: z.literal('adamw'),
    ...adamKeys,
    /** 0.01, as in PyTorch. */
    weightDecay: z.number().min(0).default(0.01),
  }),
  z.strictObject({
    name: z.literal('rmsprop'),
    /** 0.9: Hinton, and Keras. PyTorch calls it alpha. */
    rho: share.default(0.9),
    /** 0.9, as in the Xception paper (JFT). */
    momentum: share.default(0.9),
    epsilon: z.number().gt(0).default(1e-8),
    /** Epsilon under the root, as in TensorFlow. */
    epsilonInRoot: z.boolean().default(false),
    ...common,
  }),
]);
