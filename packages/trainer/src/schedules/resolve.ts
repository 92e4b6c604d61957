import { choice, knownKeys, received } from '../config/checks';
import type { Kind } from './kind';
import { kinds, type ResolvedSimple } from './kinds';
import type { Quantity, ValueNames } from './quantity';
import { durationUnits, reader, resolveSpan } from './reader';
import type { Lasting, Sequence } from './sequence';
import type { ResolvedValueSchedule } from './value-schedule';

type Plain = Record<string, unknown>;

/** Checks the configuration of a schedule and fills in the defaults; values get their names of {@link ValueNames}. */
export function resolveValues(given: unknown, quantity: Quantity): ResolvedValueSchedule {
  const { subject } = quantity;
  const config = named(given, `train: \`${subject}\``);
  if (config.name !== 'sequence') {
    choice(subject, config.name, { ...kinds, sequence: null });
    return resolveSimple(config, quantity, subject);
  }
  knownKeys(subject, config, ['name', 'parts']);
  const { parts } = config;
  if (!Array.isArray(parts) || parts.length === 0) {
    throw new Error(`${subject}: \`parts\` must be a list of schedules, received ${received(parts)}`);
  }
  return {
    name: 'sequence',
    parts: parts.map((part, i) =>
      resolvePart(part, quantity, `${subject}.parts.${i}`, i === parts.length - 1),
    ),
  } satisfies Sequence<ResolvedSimple>;
}

function resolvePart(
  given: unknown,
  quantity: Quantity,
  subject: string,
  last: boolean,
): Lasting<ResolvedSimple> {
  const { for: duration, ...rest } = named(given, subject);
  const part = resolveSimple(rest, quantity, subject);
  if (last && duration === undefined) return part;
  if (last) {
    throw new Error(
      `${subject}: \`for\` must be left out of the last part, which has the rest of the run, ` +
        `received ${received(duration)}; add a part after it, such as {"name":"constant"}`,
    );
  }
  return { ...part, for: resolveSpan(subject, 'for', duration, durationUnits) };
}

function resolveSimple(given: Plain, quantity: Quantity, subject: string): ResolvedSimple {
  const kind = choice(subject, given.name, kinds) as unknown as Kind<ResolvedSimple>;
  const values = kind.values.map((key) => quantity.names[key]);
  knownKeys(subject, given, ['name', ...values, ...(kind.keys ?? [])]);
  return kind.resolve(reader(given, quantity, subject)) as ResolvedSimple;
}

function named(given: unknown, subject: string): Plain {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Plain;
  throw new Error(`${subject} must be an object with a \`name\`, received ${received(given)}`);
}

/** The schedule with the names of its values exchanged. */
export function renameValues(schedule: object, names: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(schedule).map(([key, value]) =>
      key === 'parts'
        ? [key, (value as object[]).map((part) => renameValues(part, names))]
        : [names[key] ?? key, value],
    ),
  );
}

export const inverse = (names: ValueNames): Record<string, string> =>
  Object.fromEntries(Object.entries(names).map(([key, name]) => [name, key]));
