import { z } from 'zod';

/** Names of weights (or parts of names) that weight decay leaves alone, besides batch norm and biases. */
const weightDecayExclude = z.array(z.string()).default([]);
const weightDecay = z.number().min(0).default(0);

/** Keys as in PyTorch, whose semantics the trainer follows; the learning rate belongs to the schedule. */
export const optimizerSection = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('sgd'),
    /** 0.9, as in the Xception paper (ImageNet). */
    momentum: z.number().min(0).lt(1).default(0.9),
    nesterov: z.boolean().default(false),
    weightDecay,
    weightDecayExclude,
  }),
  z.strictObject({
    name: z.literal('adam'),
    /** PyTorch's and Kingma & Ba's defaults. */
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.999),
    epsilon: z.number().gt(0).default(1e-8),
    weightDecay,
    weightDecayExclude,
  }),
]);
