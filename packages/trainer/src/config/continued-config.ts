import { received } from './checks';
import { type ResolvedTrainConfig, resolveConfig, type TrainConfig } from './train-config';

/** What a resumed run may do otherwise without computing other weights for the steps that were planned. */
const changeable: (keyof TrainConfig)[] = [
  'epochs',
  'maxSteps',
  'logEverySteps',
  'checkpointEveryEpochs',
  'validateEveryEpochs',
];

/**
 * The configuration of a resumed run: the saved one, with what `changes` states laid over it.
 *
 * @throws if a change would make the resumed run another one than that which was saved.
 */
export function continuedConfig(
  saved: ResolvedTrainConfig,
  changes: Partial<TrainConfig> = {},
): ResolvedTrainConfig {
  const stated = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const config = resolveConfig({ ...saved, ...stated });
  for (const key of Object.keys(config) as (keyof TrainConfig)[]) {
    if (changeable.includes(key) || sameData(config[key], saved[key])) continue;
    throw new Error(
      `resume: \`${key}\` must stay ${received(saved[key])}, received ${received(config[key])}; ` +
        'start a new run to train differently',
    );
  }
  if (config.epochs !== saved.epochs && saved.schedule.name === 'oneCycle') {
    throw new Error(
      `resume: \`epochs\` must stay ${saved.epochs}, received ${config.epochs}; ` +
        'a one-cycle schedule is drawn over the whole run, so another length is another run: start a new one',
    );
  }
  return config;
}

function sameData(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => sameData(a[key as never], b[key as never]))
  );
}
