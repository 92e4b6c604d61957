import { resolve } from 'node:path';
import { UserError } from '../errors';
import { getPreset } from '../presets';
import { readConfigFile } from './config-file';
import { explainIssue } from './explain-issue';
import { merge, settingsOf } from './merge';
import { parseSet } from './parse-set';
import { type RunConfig, type RunConfigInput, runConfigSchema } from './run-config';

/**
 * Checks a configuration and fills in every default.
 *
 * @throws UserError with subject, rule and value received for each thing that is wrong.
 */
export function checkConfig(config: unknown): RunConfig {
  const given = withOneLength(config);
  const result = runConfigSchema.safeParse(given);
  if (!result.success) {
    const reasons = result.error.issues.map((issue) => `config: ${explainIssue(issue, given)}`);
    throw new UserError(reasons.join('\n'));
  }
  const { epochs, steps } = result.data;
  if ((epochs === null) === (steps === null)) {
    throw new UserError(
      `config: either \`epochs\` or \`steps\` must be given, received epochs ${epochs} and steps ${steps}`,
    );
  }
  return result.data;
}

/** `steps` alone leaves no room for the default of `epochs`. */
function withOneLength(config: unknown): unknown {
  if (typeof config !== 'object' || config === null) return config;
  const { epochs, steps } = config as RunConfigInput;
  return epochs === undefined && steps != null ? { ...config, epochs: null } : config;
}

/**
 * The configuration of a run: the defaults, a preset over them, a file over that, and `--set key=value` over all.
 *
 * @throws UserError where a setting cannot be read or the result is not valid.
 * @example resolveConfig({ epochs: 5 }, ['batchSize=64']).batchSize // 64
 */
export function resolveConfig(
  preset: RunConfigInput,
  sets: readonly string[] = [],
  file: object = {},
): RunConfig {
  const settings = [...settingsOf(file), ...sets.map((text) => parseSet(text))];
  return checkConfig(merge(checkConfig(preset), settings));
}

/** A preset, with what a file and `--set`s change of it. */
export interface ConfigOptions {
  preset?: string | undefined;
  config?: string | undefined;
  set: readonly string[];
}

/** Where somebody begins who names nothing. */
const DEFAULT_PRESET = 'quickstart';

/**
 * The configuration that the options of the command line ask for, and the preset that it starts from.
 *
 * @throws UserError where the preset is unknown, the file cannot be read, or the result is not valid.
 */
export function chooseConfig(
  { preset: named, config, set }: ConfigOptions,
  cwd: string,
): { preset: string; config: RunConfig } {
  const file = config === undefined ? undefined : readConfigFile(resolve(cwd, config), config);
  if (file?.complete && named === undefined) {
    // Nothing may come from a preset: what the record leaves out was left out.
    return { preset: file.preset ?? DEFAULT_PRESET, config: resolveConfig(file.config, set) };
  }
  const preset = named ?? file?.preset ?? DEFAULT_PRESET;
  return { preset, config: resolveConfig(getPreset(preset).config, set, file?.config) };
}
