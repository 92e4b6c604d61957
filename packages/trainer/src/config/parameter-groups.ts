import { knownKeys, number, received } from './checks';

/** Weights that an optimizer treats in a way of their own. */
export interface ParameterGroup {
  /** Parts of names of weights, such as `'block14_'` or `'/bias'`; a weight with any of them belongs to the group. */
  match: readonly string[];
  /** Multiplies the learning rate, above 0. Default 1. */
  learningRateScale?: number;
  /** In place of the optimizer's, on all weights of the group, biases and batch norm as well. Default null: as elsewhere. */
  weightDecay?: number | null;
}

export interface ResolvedGroup extends Required<ParameterGroup> {
  match: string[];
}

/** Checks the groups of an optimizer's configuration and fills in the defaults. */
export function resolveGroups(given: readonly ParameterGroup[]): ResolvedGroup[] {
  if (!Array.isArray(given)) {
    throw new Error(`optimizer: \`groups\` must be an array of groups, received ${received(given)}`);
  }
  return given.map((group: ParameterGroup, i) => {
    const subject = `optimizer.groups.${i}`;
    knownKeys(subject, group, ['match', 'learningRateScale', 'weightDecay']);
    const { learningRateScale = 1, weightDecay = null } = group;
    const match = resolveNames(subject, 'match', group.match);
    if (match.length === 0) {
      throw new Error(`${subject}: \`match\` must name at least one part of a weight's name, received []`);
    }
    return {
      match,
      learningRateScale: number(subject, 'learningRateScale', learningRateScale, { above: 0 }),
      weightDecay: weightDecay === null ? null : number(subject, 'weightDecay', weightDecay, { min: 0 }),
    };
  });
}

/** Checks a list of parts of names of weights. */
export function resolveNames(subject: string, key: string, names: readonly string[]): string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== ''))
    return [...names];
  throw new Error(`${subject}: \`${key}\` must be an array of names of weights, received ${received(names)}`);
}
