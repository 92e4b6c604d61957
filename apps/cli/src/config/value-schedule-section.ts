import { z } from 'zod';
import { duration, factor, milestones, plateauKeys, span } from './schedule-parts';

/**
 * A number beside the learning rate as a function of progress: the same schedules, with `value` for `learningRate`
 * and no defaults for it, or `null` to leave it as the optimizer has it.
 */
export function valueScheduleSection(value: z.ZodNumber) {
  const simple = [
    z.strictObject({
      name: z.literal('constant').describe('The same throughout.'),
      value: value.describe('Throughout.'),
    }),
    z.strictObject({
      name: z.literal('stepDecay').describe('Multiplied by `factor` after every span.'),
      value: value.describe('At the start.'),
      factor: factor.default(0.94),
      every: span.default({ epochs: 2 }),
    }),
    z.strictObject({
      name: z.literal('multiStep').describe('Multiplied by `factor` at each milestone.'),
      value: value.describe('At the start.'),
      factor: factor.default(0.1),
      at: milestones,
    }),
    z.strictObject({
      name: z.literal('exponential').describe('Multiplied by `factor` over each span, smoothly.'),
      value: value.describe('At the start.'),
      factor,
      every: span.default({ epochs: 1 }),
    }),
    z.strictObject({
      name: z.literal('linear').describe('A straight line from the first to the final value.'),
      value: value.describe('At the start.'),
      finalValue: value.describe('At the end.'),
    }),
    z.strictObject({
      name: z
        .literal('polynomial')
        .describe('From the first to the final value by a power of what is left of the run.'),
      value: value.describe('At the start.'),
      finalValue: value.describe('At the end.'),
      power: z.number().gt(0).describe('Of what is left of the run; 1 is a straight line.'),
    }),
    z.strictObject({
      name: z.literal('cosine').describe('Half a cosine from the first to the final value.'),
      value: value.describe('At the start.'),
      finalValue: value.describe('At the end.'),
    }),
    z.strictObject({
      name: z.literal('cosineRestarts').describe('Cosines one after another; SGDR, Loshchilov & Hutter.'),
      value: value.describe('At the start.'),
      finalValue: value.describe('At the end of each cosine.'),
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
      name: z
        .literal('oneCycle')
        .describe("To the middle value and on to the final one, as in Smith's 1cycle."),
      initialValue: value.describe('At the start.'),
      middleValue: value.describe('In the middle.'),
      finalValue: value.describe('At the end.'),
      warmup: z
        .number()
        .min(0)
        .max(1)
        .default(0.25)
        .describe('Share of all steps on the way to `middleValue`.'),
    }),
    z.strictObject({
      name: z.literal('plateau').describe('Multiplied by `factor` when a figure has stopped getting better.'),
      value: value.describe('At the start.'),
      ...plateauKeys,
      minValue: value.describe('It is never reduced below this.'),
    }),
  ] as const;
  const [
    constant,
    stepDecay,
    multiStep,
    exponential,
    linear,
    polynomial,
    cosine,
    restarts,
    oneCycle,
    plateau,
  ] = simple;
  const part = z.discriminatedUnion('name', [
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
  ]);
  const sequence = z.strictObject({
    name: z.literal('sequence').describe('Schedules one after another.'),
    parts: z.array(part).min(1).describe('One after another, each for its duration.'),
  });
  return z
    .discriminatedUnion('name', [...simple, sequence])
    .nullable()
    .default(null);
}
