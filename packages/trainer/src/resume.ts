import { emit } from './callbacks';
import { exclusively } from './checkpoint/exclusively';
import type { CheckpointStore, PassedOver } from './checkpoint/store';
import { type TrainOptions, type TrainResult, train } from './train';

export interface ResumeOptions extends Omit<TrainOptions, 'resumeFrom' | 'store' | 'init'> {
  /** Where the run's checkpoints are. */
  store: CheckpointStore;
}

/**
 * Goes on with a run from the newest valid checkpoint of its store, to the same bits that it would have had without
 * the interruption: weights, optimizer slots, schedule, order of the data and figures.
 *
 * The saved configuration holds. `config` may state another number of `epochs` or `steps` (unless a schedule is drawn
 * over the whole run), `maxSteps`, `onDivergence`, how often to log, validate and save, and the `bestMetric` of the
 * epochs to come; anything else must be as it was.
 *
 * @example const result = await resume({ model, trainData, validationData, store });
 * @throws if the store holds no valid checkpoint, telling what was passed over and why, if another process
 *   writes to it, or if the model, the data or the configuration is another.
 */
export async function resume(options: ResumeOptions): Promise<TrainResult> {
  const { store: _, ...others } = options;
  // Rank 0 reads the checkpoint and hands it to the others.
  if ((options.collective?.rank ?? 0) > 0) return train(others);
  if ((await options.store.list()).length === 0) throw noCheckpoint([]);
  return exclusively(options.store, async (store) => {
    const { found, passedOver } = await store.latest();
    if (!found) throw noCheckpoint(passedOver);
    const { name, checkpoint } = found;
    await emit(options.callbacks ?? [], 'onResume', { name, passedOver, state: checkpoint.state });
    return train({ ...options, store, resumeFrom: checkpoint });
  });
}

function noCheckpoint(passedOver: readonly PassedOver[]): Error {
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`);
  const passed = reasons.length > 0 ? ` (passed over ${reasons.join('; ')})` : '';
  return new Error(
    `resume: \`store\` must hold a valid checkpoint, received none${passed}; start a new run with \`train\``,
  );
}
