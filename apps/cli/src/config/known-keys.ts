import { type JsonSchema, runJsonSchema } from './json-schema';
import { nearest } from './nearest';

function collect(schema: JsonSchema, prefix: string, into: Set<string>): void {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    into.add(prefix + key);
    collect(child, `${prefix}${key}.`, into);
  }
  for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) collect(branch, prefix, into);
}

/** Every dotted key that a run configuration can hold, sections included. */
export function knownKeys(): string[] {
  const keys = new Set<string>();
  collect(runJsonSchema(), '', keys);
  return [...keys];
}

const lastPart = (key: string) => key.slice(key.lastIndexOf('.') + 1);

/**
 * The known dotted key that somebody who wrote `key` most likely meant, or `undefined`.
 *
 * A neighbour in the same section comes first, then a key of the same name in another section.
 */
export function nearestKey(key: string): string | undefined {
  const all = knownKeys();
  const section = key.slice(0, key.lastIndexOf('.') + 1);
  const siblings = all.filter(
    (known) => known.startsWith(section) && !known.slice(section.length).includes('.'),
  );
  return (
    nearest(key, siblings) ??
    all.find((known) => lastPart(known) === lastPart(key)) ??
    nearest(key, all) ??
    all.find((known) => nearest(lastPart(key), [lastPart(known)]) !== undefined)
  );
}
