import { knownKeys, number, received } from '../config/checks';
import type { Kind } from './kind';
import type { Reader } from './reader';
import { stepsIn } from './span';

/** Points of a run in one of three units. */
export type Milestones = { epochs: number[] } | { steps: number[] } | { samples: number[] };

/** `value`, multiplied by `factor` at every milestone. */
export interface MultiStep {
  name: 'multiStep';
  /** Default for a learning rate 0.1: He et al., "Deep residual learning", section 3.4. */
  value?: number;
  /** Default 0.1: as there. */
  factor?: number;
  /** Rising. Has no default: it depends on the length of the run. */
  at: Milestones;
}

/** @see torch.optim.lr_scheduler.MultiStepLR */
export const multiStep: Kind<MultiStep> = {
  values: ['value'],
  keys: ['factor', 'at'],
  resolve: (read) => ({
    name: 'multiStep',
    value: read.start('value', 0.1),
    factor: read.number('factor', { above: 0, max: 1 }, 0.1),
    at: resolveMilestones(read),
  }),
  at: ({ value, factor, at }, progress) => {
    const [[unit, points]] = Object.entries(at) as [[string, number[]]];
    const passed = points.filter((point) => progress.step >= stepsIn({ [unit]: point } as never, progress));
    return value * factor ** passed.length;
  },
};

function resolveMilestones(read: Reader): Milestones {
  const { subject } = read;
  const given = (read.raw('at') ?? {}) as object;
  const [unit, ...others] = Object.keys(knownKeys(subject, given, ['epochs', 'steps', 'samples']));
  const points = unit === undefined ? undefined : (given as Record<string, unknown>)[unit];
  if (others.length > 0 || !Array.isArray(points) || points.length === 0) {
    throw new Error(
      `${subject}: \`at\` must hold a list under exactly one of \`epochs\`, \`steps\`, \`samples\`, ` +
        `such as {"epochs":[30,60]}, received ${received(read.raw('at'))}`,
    );
  }
  points.forEach((point, i) => {
    const least = i === 0 ? 0 : points[i - 1];
    number(subject, `at.${unit}.${i}`, point, { integer: unit !== 'epochs', above: least });
  });
  return { [unit!]: [...points] } as unknown as Milestones;
}
