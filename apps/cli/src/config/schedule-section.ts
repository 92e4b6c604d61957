import { z } from 'zod';
import { duration, factor, milestones, plateauKeys, span } from './schedule-parts';

const rate = z.number().gt(0);
const anyRate = z.number().min(0);

/** Schedules that can be a part of a sequence. */
const simple = [
  z.strictObject({
    name: z.literal('constant').describe('The same throughout.'),
    learningRate: rate.default(1e-3).describe("0.001: Adam's default in PyTorch and Keras."),
  }),
  z.strictObject({
    name: z.literal('stepDecay').describe('Multiplied by `factor` after every span.'),
    learningRate: rate
      .default(0.045)
      .describe("0.045 × 0.94 every 2 epochs: the Xception paper's schedule for ImageNet."),
    factor: factor.default(0.94),
    every: span.default({ epochs: 2 }),
  }),
  z.strictObject({
    name: z.literal('multiStep').describe('Multiplied by `factor` at each milestone.'),
    learningRate: rate.default(0.1).describe('0.1, and 0.1 of it after each milestone: He et al.'),
    factor: factor.default(0.1),
    at: milestones,
  }),
  z.strictObject({
    name: z.literal('exponential').describe('Multiplied by `factor` over each span, smoothly.'),
    learningRate: rate.default(0.1).describe('At the start.'),
    factor: factor.describe('What each span multiplies the rate by, smoothly.'),
    every: span.default({ epochs: 1 }),
  }),
  z.strictObject({
    name: z.literal('linear').describe('A straight line from the first to the final value.'),
    learningRate: anyRate.default(0.1).describe('At the start.'),
    finalLearningRate: anyRate.default(0).describe('At the end.'),
  }),
  z.strictObject({
    name: z
      .literal('polynomial')
      .describe('From the first to the final value by a power of what is left of the run.'),
    learningRate: anyRate.default(0.1).describe('At the start.'),
    finalLearningRate: anyRate.default(0).describe('At the end.'),
    power: z.number().gt(0).describe('Of what is left of the run; 1 is a straight line.'),
  }),
  z.strictObject({
    name: z.literal('cosine').describe('Half a cosine from the first to the final value.'),
    learningRate: anyRate.default(0.1).describe('At the start.'),
    finalLearningRate: anyRate.default(0).describe('At the end.'),
  }),
  z.strictObject({
    name: z.literal('cosineRestarts').describe('Cosines one after another; SGDR, Loshchilov & Hutter.'),
    learningRate: anyRate.default(0.1).describe('At the start.'),
    finalLearningRate: anyRate.default(0).describe('At the end of each cosine.'),
    every: span.describe(
      'The first cosine; each is longer by `lengthFactor` and lower by `factor` than the one before.',
    ),
    lengthFactor: z
      .number()
      .min(1)
      .default(1)
      .describe('How many times as long as the one before each cosine is.'),
    factor: factor.default(1),
  }),
  z.strictObject({
    name: z.literal('oneCycle').describe("Up and down again: Smith's 1cycle."),
    maxLearningRate: rate.default(1).describe('At the top.'),
    initialLearningRate: anyRate.default(0.1).describe('At the start.'),
    finalLearningRate: anyRate.default(0).describe('At the end.'),
    warmup: z
      .number()
      .min(0)
      .max(1)
      .default(0.25)
      .describe('Share of all steps on the way up to `maxLearningRate`.'),
  }),
  z.strictObject({
    name: z.literal('plateau').describe('Multiplied by `factor` when a figure has stopped getting better.'),
    learningRate: rate.default(0.1).describe('At the start.'),
    ...plateauKeys,
    minLearningRate: anyRate.default(0).describe('It is never reduced below this.'),
  }),
] as const;

const [constant, stepDecay, multiStep, exponential, linear, polynomial, cosine, restarts, oneCycle, plateau] =
  simple;

export const scheduleSection = z
  .discriminatedUnion('name', [
    ...simple,
    z.strictObject({
      name: z.literal('sequence').describe('Schedules one after another.'),
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
        .min(1)
        .describe('One after another, each for its duration; a warm-up is a `linear` part in front.'),
    }),
  ])
  .describe('The learning rate as a function of progress.');
