import { knownKeys, type NumberRule, number, received } from '../config/checks';
import { learningRate, type Quantity, type ValueNames } from './quantity';
import type { Duration, Span } from './span';

/** Reads one schedule of a configuration, key by key; throws where a value breaks its rule. */
export interface Reader {
  /** The value that the others are drawn from; a default is one for learning rates alone. */
  start(key: keyof ValueNames, rateDefault?: number): number;
  /** Any other value; a default is one for learning rates alone. */
  value(key: keyof ValueNames, rateDefault?: number, rule?: NumberRule): number;
  number(key: string, rule: NumberRule, fallback?: number): number;
  span(key: string, fallback?: Span): Span;
  /** As it stands in the configuration. */
  raw(key: string): unknown;
  /** For errors: where the schedule stands in the configuration. */
  subject: string;
  /** Whether it is a learning rate that is scheduled. */
  isRate: boolean;
}

export function reader(given: Record<string, unknown>, quantity: Quantity, subject: string): Reader {
  const isRate = quantity === learningRate;
  const value = (key: keyof ValueNames, rateDefault: number | undefined, rule: NumberRule) => {
    const name = quantity.names[key];
    return number(subject, name, given[name] ?? (isRate ? rateDefault : undefined), rule);
  };
  return {
    subject,
    isRate,
    start: (key, rateDefault) => value(key, rateDefault, quantity.startRule),
    value: (key, rateDefault, rule = {}) => value(key, rateDefault, { ...quantity.rule, ...rule }),
    number: (key, rule, fallback) => number(subject, key, given[key] ?? fallback, rule),
    span: (key, fallback) => resolveSpan(subject, key, given[key] ?? fallback) as Span,
    raw: (key) => given[key],
  };
}

const units = ['epochs', 'steps', 'samples'];

/** Checks a span, or with `share` among the units a duration. */
export function resolveSpan(
  subject: string,
  key: string,
  given: unknown,
  known: readonly string[] = units,
): Duration {
  const [unit, ...others] = Object.keys(knownKeys(subject, (given ?? {}) as object, known));
  if (unit === undefined || others.length > 0) {
    const names = known.map((name) => `\`${name}\``).join(', ');
    throw new Error(`${subject}: \`${key}\` must hold exactly one of ${names}, received ${received(given)}`);
  }
  const whole = unit === 'steps' || unit === 'samples';
  const rule = unit === 'share' ? { above: 0, below: 1 } : { integer: whole, above: 0 };
  number(subject, `${key}.${unit}`, (given as never)[unit], rule);
  return { ...(given as Duration) };
}

export const durationUnits = [...units, 'share'];
