import { isDeepStrictEqual } from 'node:util';
import { drawnOverRun, resolveConfig as resolveTrainConfig } from '@xcp/trainer';
import { UserError } from '../errors';
import { trainConfig } from '../training/train-config';
import { merge } from './merge';
import { parseSet } from './parse-set';
import { checkConfig } from './resolve';
import type { RunConfig } from './run-config';

/** What can change within a run without making a lie of the steps it has done. */
const changeable: readonly (keyof RunConfig)[] = [
  'epochs',
  'steps',
  'maxSteps',
  'onDivergence',
  'earlyStopping',
  'evaluation',
  'logging',
  'checkpoints',
];

/**
 * The configuration of a run that is continued: its own, with `--set key=value` over it.
 *
 * @throws UserError for a key whose change would make it another run, or a length that its schedule does not allow.
 */
export function continuedConfig(given: RunConfig, sets: readonly string[]): RunConfig {
  // What an earlier version saved lacks the keys that came later.
  const saved = checkConfig(given);
  const config = checkConfig(
    merge(
      saved,
      sets.map((text) => parseSet(text)),
    ),
  );
  for (const key of Object.keys(config) as (keyof RunConfig)[]) {
    if (changeable.includes(key) || isDeepStrictEqual(config[key], saved[key])) continue;
    throw new UserError(
      `resume: \`${key}\` must stay ${JSON.stringify(saved[key])}, received ${JSON.stringify(config[key])}; ` +
        'start a new run with `xcp train` to train differently',
    );
  }
  const drawn =
    drawnOverRun(resolveTrainConfig(trainConfig(config))) ??
    (config.data.progressive.length > 0 ? 'data.progressive' : undefined);
  for (const key of ['epochs', 'steps'] as const) {
    if (config[key] === saved[key] || !drawn) continue;
    throw new UserError(
      `resume: \`${key}\` must stay ${saved[key]}, received ${config[key]}; \`${drawn}\` is drawn over the ` +
        'whole run, so that the steps done would have been other ones: start a new run with `xcp train`',
    );
  }
  return config;
}
