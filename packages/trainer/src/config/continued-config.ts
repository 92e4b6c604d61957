import { dependsOnLength } from '../schedules/value-schedule';
import { received } from './checks';
import { inValues } from './schedule-config';
import { type ResolvedTrainConfig, resolveConfig, type TrainConfig } from './train-config';

/** What a resumed run may do otherwise without computing other weights for the steps that were planned. */
const changeable: (keyof TrainConfig)[] = [
  'epochs',
  'steps',
  'maxSteps',
  'logEverySteps',
  'checksumEverySteps',
  'checkpointEveryEpochs',
  'checkpointEverySteps',
  'checkpointEveryMinutes',
  'bestMetric',
  'validateEveryEpochs',
  'onDivergence',
];

/**
 * The configuration of a resumed run: the saved one, with what `changes` states laid over it.
 *
 * @throws if a change would make the resumed run another one than that which was saved.
 */
export function continuedConfig(
  given: ResolvedTrainConfig,
  changes: Partial<TrainConfig> = {},
): ResolvedTrainConfig {
  const stated = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  // What an earlier version saved lacks the options that came later.
  const saved = resolveConfig(given);
  const config = resolveConfig({ ...saved, ...stated });
  for (const key of Object.keys(config) as (keyof TrainConfig)[]) {
    if (changeable.includes(key) || sameData(config[key], saved[key])) continue;
    throw new Error(
      `resume: \`${key}\` must stay ${received(saved[key])}, received ${received(config[key])}; ` +
        'start a new run to train differently',
    );
  }
  const drawn = drawnOverRun(saved);
  for (const key of ['epochs', 'steps'] as const) {
    if (config[key] === saved[key] || !drawn) continue;
    throw new Error(
      `resume: \`${key}\` must stay ${saved[key]}, received ${config[key]}; its \`${drawn}\` ` +
        'is drawn over the whole run, so another length is another run: start a new one',
    );
  }
  return config;
}

/**
 * The first schedule that would have had other values in a run of another length, if there is one.
 *
 * @example drawnOverRun(resolveConfig({ epochs: 1, schedule: { name: 'cosine' } })) // 'schedule'
 */
export function drawnOverRun(
  config: Pick<ResolvedTrainConfig, 'schedule' | 'momentumSchedule' | 'weightDecaySchedule'>,
): 'schedule' | 'momentumSchedule' | 'weightDecaySchedule' | null {
  const { schedule, momentumSchedule, weightDecaySchedule } = config;
  if (dependsOnLength(inValues(schedule))) return 'schedule';
  if (momentumSchedule && dependsOnLength(momentumSchedule)) return 'momentumSchedule';
  return weightDecaySchedule && dependsOnLength(weightDecaySchedule) ? 'weightDecaySchedule' : null;
}

function sameData(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => sameData(a[key as never], b[key as never]))
  );
}
