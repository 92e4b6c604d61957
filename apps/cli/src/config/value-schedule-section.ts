import { z } from 'zod';
import { duration, factor, milestones, plateauKeys, span } from './schedule-parts';

/**
 * A number beside the learning rate as a function of progress: the same schedules, with `value` for `learningRate`
 * and no defaults for it, or `null` to leave it as the optimizer has it.
 */
export function valueScheduleSection(value: z.ZodNumber) {
  const simple = [
    z.strictObject({ name: z.literal('constant'), value }),
    z.strictObject({
      name: z.literal('stepDecay'),
      value,
      factor: factor.default(0.94),
      every: span.default({ epochs: 2 }),
    }),
    z.strictObject({ name: z.literal('multiStep'), value, factor: factor.default(0.1), at: milestones }),
    z.strictObject({ name: z.literal('exponential'), value, factor, every: span.default({ epochs: 1 }) }),
    z.strictObject({ name: z.literal('linear'), value, finalValue: value }),
    z.strictObject({ name: z.literal('polynomial'), value, finalValue: value, power: z.number().gt(0) }),
    z.strictObject({ name: z.literal('cosine'), value, finalValue: value }),
    z.strictObject({
      name: z.literal('cosineRestarts'),
      value,
      finalValue: value,
      every: span,
      lengthFactor: z.number().min(1).default(1),
      factor: factor.default(1),
    }),
    z.strictObject({
      name: z.literal('oneCycle'),
      initialValue: value,
      middleValue: value,
      finalValue: value,
      /** Share of all steps on the way to `middleValue`. */
      warmup: z.number().min(0).max(1).default(0.25),
    }),
    z.strictObject({ name: z.literal('plateau'), value, ...plateauKeys, minValue: value }),
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
  const sequence = z.strictObject({ name: z.literal('sequence'), parts: z.array(part).min(1) });
  return z
    .discriminatedUnion('name', [...simple, sequence])
    .nullable()
    .default(null);
}
