import type { CheckpointStore } from './store';

/**
 * Runs `work` while no other process can write to a store, for work of which a training is only a part.
 *
 * @param work gets the store without its lock, to hand to {@link train} or {@link resume}
 * @example await exclusively(fileStore('runs/first/checkpoints'), (store) => resume({ model, trainData, store }));
 * @throws if another process writes to the store, naming it.
 */
export async function exclusively<T>(
  store: CheckpointStore,
  work: (store: CheckpointStore) => Promise<T>,
): Promise<T> {
  const { acquire, ...unlocked } = store;
  const release = await acquire?.();
  try {
    return await work(unlocked);
  } finally {
    await release?.();
  }
}
