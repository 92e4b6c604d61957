import { choicesOf, rangeText, typeText } from './describe-type';
import { branches, type JsonSchema, runJsonSchema } from './json-schema';

/** A key of a run configuration, as help and documentation show it. */
export interface ConfigKey {
  /** Dotted; `[]` stands for any place of a list. */
  key: string;
  /** The names of the section that it goes with, such as `sgd`; empty where it goes with every one. */
  kinds: string[];
  /** Such as 'integer or null'. */
  type: string;
  /** Of a number, or of the numbers of a list: '≥ 1', 'in [0, 1)'. */
  range?: string;
  /** The values that are named one by one, each with its meaning where it has one. */
  choices: { value: unknown; description?: string }[];
  /** Left out where there is none: the key must be stated, or is left to another package. */
  default?: unknown;
  /** Whether its section cannot do without it. */
  required: boolean;
  description: string;
}

const kindOf = (branch: JsonSchema) => branch.properties?.name?.const as string | undefined;

/** An empty section says no more than its keys do. */
const isEmpty = (value: unknown) => JSON.stringify(value) === '{}';

function describe(key: string, schema: JsonSchema, required: boolean, kinds: string[]): ConfigKey {
  const range = rangeText(schema);
  const choices = choicesOf(schema);
  return {
    key,
    kinds,
    type: typeText(schema),
    ...(range && { range }),
    choices: choices.map((value) => ({ value })),
    ...(schema.default !== undefined && !isEmpty(schema.default) && { default: schema.default }),
    required: required && schema.default === undefined,
    description: schema.description ?? '',
  };
}

/** The key that says which kind a section is: its choices are the kinds, its default stands in the section's. */
function describeName(key: string, kinds: JsonSchema[], section: JsonSchema): ConfigKey {
  const given = section.default as { name?: unknown } | null | undefined;
  return {
    key,
    kinds: [],
    type: 'string',
    choices: kinds.map((branch) => ({
      value: kindOf(branch),
      ...(branch.properties!.name!.description && { description: branch.properties!.name!.description }),
    })),
    ...(given?.name !== undefined && { default: given.name }),
    required: given?.name === undefined,
    description: 'The kind of it, on which the other keys depend.',
  };
}

/** The same key of several kinds stands once, unless they differ in it; keys of one name stand together. */
function joined(keys: readonly ConfigKey[], kinds: number): ConfigKey[] {
  const byKey = new Map<string, Map<string, ConfigKey>>();
  for (const { kinds: own, ...rest } of keys) {
    const same = byKey.get(rest.key) ?? new Map<string, ConfigKey>();
    byKey.set(rest.key, same);
    const text = JSON.stringify(rest);
    same.set(text, { ...rest, kinds: [...(same.get(text)?.kinds ?? []), ...own] });
  }
  return [...byKey.values()]
    .flatMap((same) => [...same.values()])
    .map((key) => (key.kinds.length === kinds ? { ...key, kinds: [] } : key));
}

function keysUnder(prefix: string, section: JsonSchema): ConfigKey[] {
  const objects = branches(section).filter(({ properties }) => properties);
  const kinds = objects.filter((branch) => kindOf(branch) !== undefined);
  const name = kinds.length > 0 ? [describeName(`${prefix}name`, kinds, section)] : [];
  const keys = objects.flatMap((branch) => {
    const kind = kindOf(branch);
    return Object.entries(branch.properties!).flatMap(([key, child]) =>
      kind !== undefined && key === 'name'
        ? []
        : keysAt(
            prefix + key,
            child,
            (kind === undefined ? objects : [branch]).every(({ required }) => required?.includes(key)),
            kind === undefined ? [] : [kind],
          ),
    );
  });
  return [...name, ...joined(keys, kinds.length)];
}

/** Of a list whose items are of several kinds, what they share: the rest is as in the section around it. */
function keysOfItems(key: string, item: JsonSchema): ConfigKey[] {
  const keys = keysUnder(`${key}[].`, item);
  const several = branches(item).some((branch) => kindOf(branch) !== undefined);
  return several ? keys.filter((child) => child.kinds.length === 0 && child.key !== `${key}[].name`) : keys;
}

function keysAt(key: string, schema: JsonSchema, required: boolean, kinds: string[]): ConfigKey[] {
  const items = branches(schema).flatMap(({ items }) => (items && !Array.isArray(items) ? [items] : []));
  const below = [...keysUnder(`${key}.`, schema), ...items.flatMap((item) => keysOfItems(key, item))];
  return [
    describe(key, schema, required, kinds),
    ...below.map((child) => ({ ...child, kinds: [...kinds, ...child.kinds] })),
  ];
}

/**
 * Every key that a run configuration can hold, sections included, in the order in which the schema has them.
 *
 * @example configKeys().find(({ key }) => key === 'batchSize')
 * // { key: 'batchSize', kinds: [], type: 'integer', range: '≥ 1', choices: [], default: 128, required: false, … }
 */
export function configKeys(): ConfigKey[] {
  return keysUnder('', runJsonSchema());
}
