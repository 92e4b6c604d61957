import { UserError } from '../errors';
import { explainIssue } from './explain-issue';
import { merge } from './merge';
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
 * The configuration of a run: the defaults, a preset over them, and `--set key=value` over both.
 *
 * @throws UserError where a setting cannot be read or the result is not valid.
 * @example resolveConfig({ epochs: 5 }, ['batchSize=64']).batchSize // 64
 */
export function resolveConfig(preset: RunConfigInput, sets: readonly string[] = []): RunConfig {
  return checkConfig(
    merge(
      checkConfig(preset),
      sets.map((text) => parseSet(text)),
    ),
  );
}
