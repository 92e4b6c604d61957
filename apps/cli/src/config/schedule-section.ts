import { z } from 'zod';
import { duration, factor, milestones, plateauKeys, span } from './schedule-parts';

const rate = z.number().gt(0);
const anyRate = z.number().min(0);

/** Schedules that can be a part of a sequence. */
const simple = [
  z.strictObject({
    name: z.literal('constant'),
    /** 0.001: Adam's default in PyTorch and Keras. */
    learningRate: rate.default(1e-3),
  }),
  z.strictObject({
    name: z.literal('stepDecay'),
    /** 0.045 × 0.94 every 2 epochs: the Xception paper's schedule for ImageNet. */
    learningRate: rate.default(0.045),
    factor: factor.default(0.94),
    every: span.default({ epochs: 2 }),
  }),
  z.strictObject({
    name: z.literal('multiStep'),
    /** 0.1, and 0.1 of it after each milestone: He et al. */
    learningRate: rate.default(0.1),
    factor: factor.default(0.1),
    at: milestones,
  }),
  z.strictObject({
    name: z.literal('exponential'),
    learningRate: rate.default(0.1),
    /** What each span multiplies the rate by, smoothly. */
    factor,
    every: span.default({ epochs: 1 }),
  }),
  z.strictObject({
    name: z.literal('linear'),
    learningRate: anyRate.default(0.1),
    finalLearningRate: anyRate.default(0),
  }),
  z.strictObject({
    name: z.literal('polynomial'),
    learningRate: anyRate.default(0.1),
    finalLearningRate: anyRate.default(0),
    power: z.number().gt(0),
  }),
  z.strictObject({
    name: z.literal('cosine'),
    learningRate: anyRate.default(0.1),
    finalLearningRate: anyRate.default(0),
  }),
  z.strictObject({
    name: z.literal('cosineRestarts'),
    learningRate: anyRate.default(0.1),
    finalLearningRate: anyRate.default(0),
    /** The first cosine; each is longer by `lengthFactor` and lower by `factor` than the one before. */
    every: span,
    lengthFactor: z.number().min(1).default(1),
    factor: factor.default(1),
  }),
  z.strictObject({
    name: z.literal('oneCycle'),
    maxLearningRate: rate.default(1),
    initialLearningRate: anyRate.default(0.1),
    finalLearningRate: anyRate.default(0),
    /** Share of all steps on the way up to `maxLearningRate`. */
    warmup: z.number().min(0).max(1).default(0.25),
  }),
  z.strictObject({
    name: z.literal('plateau'),
    learningRate: rate.default(0.1),
    ...plateauKeys,
    minLearningRate: anyRate.default(0),
  }),
] as const;

const [constant, stepDecay, multiStep, exponential, linear, polynomial, cosine, restarts, oneCycle, plateau] =
  simple;

/** The learning rate as a function of progress. */
export const scheduleSection = z.discriminatedUnion('name', [
  ...simple,
  z.strictObject({
    name: z.literal('sequence'),
    /** One after another, each for its duration; a warm-up is a `linear` part in front. */
    parts: z
      .array(
        z.discriminatedUnion('name', [
          constant.extend({ for: duration }),
          stepDecay.extend({ for: duration }),
          multiStep.extend({ for: duration }),
          exponential.extend({ for: duration }),
          linear.extend({ for: duration }),
          polynomial.extend({ for: duration }),
          cosine.extend({ for: duration }),
          restarts.extend({ for: duration }),
          oneCycle.extend({ for: duration }),
          plateau.extend({ for: duration }),
        ]),
      )
      .min(1),
  }),
]);
