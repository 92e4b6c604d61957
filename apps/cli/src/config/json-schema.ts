import { z } from 'zod';
import { presets } from '../presets';
import { runConfigSchema } from './run-config';

/** What a run configuration's JSON Schema (draft 7) is made of. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  /** Of a list, or of each place of a list of fixed length. */
  items?: JsonSchema | JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

let runSchema: JsonSchema | undefined;

/** The JSON Schema of a whole run configuration, as it may be given: defaults may be left out. */
export function runJsonSchema(): JsonSchema {
  runSchema ??= z.toJSONSchema(runConfigSchema, { io: 'input', target: 'draft-7' }) as JsonSchema;
  return runSchema;
}

/** What it may be one of: the branches of a union, of unions in it too, or the schema alone. */
export function branches(schema: JsonSchema): JsonSchema[] {
  const union = schema.anyOf ?? schema.oneOf;
  return union ? union.flatMap(branches) : [schema];
}

/** The same where any key may be left out, since a preset may state it; lists are replaced, and so stay whole. */
function overPreset(schema: JsonSchema): JsonSchema {
  const { required: _, oneOf, ...rest } = schema;
  const union = oneOf ?? rest.anyOf;
  return {
    ...rest,
    ...(union && { anyOf: union.map(overPreset) }),
    ...(rest.properties && { properties: mapValues(rest.properties, overPreset) }),
  };
}

const mapValues = <T>(object: Record<string, T>, change: (value: T) => T) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/**
 * The JSON Schema of a configuration file: any part of a run configuration, besides `preset` and `$schema`.
 *
 * @example JSON.stringify(configJsonSchema().properties?.batchSize?.default) // '128'
 */
export function configJsonSchema(): JsonSchema {
  const { $schema, properties, ...rest } = overPreset(runJsonSchema());
  return {
    ...($schema !== undefined && { $schema }),
    title: 'Configuration of xcp',
    description: 'What `xcp train --config` reads: any part of a run configuration, laid over a preset.',
    ...rest,
    properties: {
      $schema: { type: 'string', description: 'Where this schema lies, for editors.' },
      preset: {
        type: 'string',
        enum: presets.map(({ name }) => name),
        description: 'The preset that the file starts from, in place of quickstart.',
      },
      ...properties,
    },
  };
}
