import type * as tf from '@tensorflow/tfjs-core';
import { deserialize, serialize } from './serializable';
import type { Constraint, Initializer, InitializerLike, Regularizer } from './types';

/** What a layer keeps about one of its weights. */
export interface WeightOptions {
  initializer: Initializer;
  regularizer: Regularizer | null;
  constraint: Constraint | null;
}

/** Reads `${weight}Initializer`, `${weight}Regularizer` and `${weight}Constraint` from a layer's arguments. */
export function weightOptions(
  subject: string,
  args: object,
  weight: string,
  defaultInitializer: InitializerLike,
): WeightOptions {
  const values = args as Record<string, string | undefined>;
  const [initializer, regularizer, constraint] = argumentNames(weight);
  const given = values[initializer] ?? defaultInitializer;
  return {
    initializer: deserialize<Initializer>('initializer', subject, initializer, given)!,
    regularizer: deserialize<Regularizer>('regularizer', subject, regularizer, values[regularizer]),
    constraint: deserialize<Constraint>('constraint', subject, constraint, values[constraint]),
  };
}

/** The part of a layer's config that {@link weightOptions} reads back. */
export function weightConfig(weight: string, options: WeightOptions): tf.serialization.ConfigDict {
  const [initializer, regularizer, constraint] = argumentNames(weight);
  return {
    [initializer]: serialize(options.initializer),
    [regularizer]: serialize(options.regularizer),
    [constraint]: serialize(options.constraint),
  };
}

function argumentNames(weight: string): [string, string, string] {
  return [`${weight}Initializer`, `${weight}Regularizer`, `${weight}Constraint`];
}
