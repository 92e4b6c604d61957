import type { ConfigKey } from './describe-keys';

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a value must be, in one line: `integer ≥ 1 or null`, `none, random, alternating`. */
export function valueText({ type, range, choices }: ConfigKey): string {
  const types = type.split(' or ').filter((name) => choices.length === 0 || name !== 'string');
  const named = choices.map(({ value }) => show(value)).join(', ');
  const rest = types.map((name, at) => (at === numeric(types) && range ? `${name} ${range}` : name));
  return [...(named ? [named] : []), ...rest].join(' or ');
}

const numeric = (types: readonly string[]) => types.findIndex((name) => /integer|number/.test(name));

/** The default as it is written in a configuration; 'required' or nothing where there is none. */
export function defaultText(key: ConfigKey): string | undefined {
  if (key.required) return 'required';
  return key.default === undefined ? undefined : JSON.stringify(key.default);
}

/** The kinds of the section that the key goes with, in parentheses; nothing where it goes with all. */
export const kindsText = ({ kinds }: ConfigKey) => (kinds.length > 0 ? `(${kinds.join(', ')})` : '');

/** Each choice that has a meaning of its own, in a line: `sgd: Stochastic gradient descent.` */
export const choiceLines = ({ choices }: ConfigKey) =>
  choices.flatMap(({ value, description }) => (description ? [`${show(value)}: ${description}`] : []));
