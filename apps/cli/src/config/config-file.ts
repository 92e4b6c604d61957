import { UserError } from '../errors';
import { readJsonc } from './read-jsonc';

/** What a configuration file states. */
export interface ConfigFile {
  /** The preset it starts from, where it names one. */
  preset: string | undefined;
  /** Whether it is the record of a run, which states every key itself. */
  complete: boolean;
  config: Record<string, unknown>;
}

/**
 * Reads a configuration file: JSON, in which comments and trailing commas are allowed. It holds any part of a
 * configuration, besides `preset` and `$schema`; or it is the `config.json` of a run, which is run again from it.
 *
 * @throws UserError where the file cannot be read, or is no JSON object.
 */
export function readConfigFile(path: string, shown: string): ConfigFile {
  const value = readJsonc('--config', path, shown);
  if (!isObject(value)) throw new UserError(`--config: must hold a JSON object, received "${shown}"`);
  const { preset, $schema: _, ...config } = value;
  if (preset !== undefined && typeof preset !== 'string') {
    throw new UserError(
      `--config: \`preset\` must be a name, received ${JSON.stringify(preset)} in "${shown}"`,
    );
  }
  return isRecord(value)
    ? { preset, complete: true, config: value.config }
    : { preset, complete: false, config };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A run's record has a section of that name; a configuration has none. */
const isRecord = (value: Record<string, unknown>): value is { config: Record<string, unknown> } =>
  value.format === 1 && isObject(value.config);
