/** A key of the configuration that is not the same in all runs, with its value in each. */
export interface Difference {
  key: string;
  /** `undefined` where a run does not have the key. */
  values: unknown[];
}

/** In what the configurations differ, by dotted keys, in the order in which they first come. */
export function configDifferences(configs: readonly object[]): Difference[] {
  const flat = configs.map((config) => flattened(config));
  const keys = [...new Set(flat.flatMap((entries) => [...entries.keys()]))];
  return keys
    .map((key) => ({ key, values: flat.map((entries) => entries.get(key)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

function flattened(value: object, prefix = '', into = new Map<string, unknown>()): Map<string, unknown> {
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'object' && child !== null && !Array.isArray(child)) {
      flattened(child, `${prefix}${key}.`, into);
    } else into.set(prefix + key, child);
  }
  return into;
}
