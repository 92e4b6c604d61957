import { z } from 'zod';

const share = z.number().min(0).lt(1);

const groups = z
  .array(
    z.strictObject({
      match: z
        .array(z.string().min(1))
        .min(1)
        .describe('Parts of names of weights, such as `block14_` or `/bias`.'),
      learningRateScale: z.number().gt(0).default(1).describe('Multiplies the learning rate.'),
      weightDecay: z
        .number()
        .min(0)
        .nullable()
        .default(null)
        .describe("In place of the optimizer's, biases and batch norm included; `null` as elsewhere."),
    }),
  )
  .default([])
  .describe(
    'Weights with a learning rate or weight decay of their own; the first group that matches a name holds.',
  );

const common = {
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('Pulls the weights towards 0; biases and batch norm are left alone.'),
  weightDecayExclude: z
    .array(z.string())
    .default([])
    .describe(
      'Names of weights (or parts of names) that weight decay leaves alone, besides batch norm and biases.',
    ),
  groups,
};

const adamKeys = {
  beta1: share
    .default(0.9)
    .describe('How much of the mean gradient a step keeps; 0.9 in PyTorch, as in Kingma & Ba.'),
  beta2: share
    .default(0.999)
    .describe('The same of the mean squared gradient; 0.999 in PyTorch, as in Kingma & Ba.'),
  epsilon: z
    .number()
    .gt(0)
    .default(1e-8)
    .describe('Keeps the division by the root of the mean square finite; as in PyTorch.'),
  ...common,
};

export const optimizerSection = z
  .discriminatedUnion('name', [
    z.strictObject({
      name: z.literal('sgd').describe('Stochastic gradient descent with momentum.'),
      momentum: share
        .default(0.9)
        .describe('How much of the velocity a step keeps; 0.9, as in the Xception paper (ImageNet).'),
      nesterov: z.boolean().default(false).describe('Looks ahead along the momentum.'),
      decoupledWeightDecay: z
        .boolean()
        .default(false)
        .describe('Decay by shrinking the weights rather than in the gradient.'),
      ...common,
    }),
    z.strictObject({ name: z.literal('adam').describe('Adam; Kingma & Ba.'), ...adamKeys }),
    z.strictObject({
      name: z.literal('adamw').describe('Adam with decoupled weight decay; Loshchilov & Hutter.'),
      ...adamKeys,
      weightDecay: z
        .number()
        .min(0)
        .default(0.01)
        .describe(
          'Shrinks the weights apart from the gradient; biases and batch norm are left alone. 0.01, as in PyTorch.',
        ),
    }),
    z.strictObject({
      name: z.literal('rmsprop').describe('RMSprop; Hinton.'),
      rho: share
        .default(0.9)
        .describe(
          'How much of the mean squared gradient a step keeps; 0.9: Hinton, and Keras. PyTorch calls it alpha.',
        ),
      momentum: share
        .default(0.9)
        .describe('How much of the velocity a step keeps; 0.9, as in the Xception paper (JFT).'),
      epsilon: z
        .number()
        .gt(0)
        .default(1e-8)
        .describe('Keeps the division by the root of the mean square finite; as in PyTorch.'),
      epsilonInRoot: z.boolean().default(false).describe('Epsilon under the root, as in TensorFlow.'),
      ...common,
    }),
    z.strictObject({
      name: z
        .literal('muon')
        .describe(
          'Steps made orthogonal for kernels of convolutions but depthwise ones, SGD for the rest; Jordan et al.',
        ),
      momentum: share.default(0.95).describe('How much of the velocity a step keeps; 0.95, as in PyTorch.'),
      nesterov: z.boolean().default(true).describe('Looks ahead along the momentum; as in PyTorch.'),
      newtonSchulzSteps: z
        .int()
        .min(1)
        .max(20)
        .default(5)
        .describe('Iterations that make a step orthogonal; 5 as in PyTorch, 3 do for small networks.'),
      sgdLearningRateScale: z
        .number()
        .gt(0)
        .default(10)
        .describe("The learning rate of what SGD trains, relative to Muon's."),
      ...common,
      weightDecay: z
        .number()
        .min(0)
        .default(0)
        .describe('Shrinks the weights apart from the gradient; biases and batch norm are left alone.'),
    }),
  ])
  .describe(
    'Keys as in PyTorch, whose semantics the trainer follows; the learning rate belongs to the schedule.',
  );
