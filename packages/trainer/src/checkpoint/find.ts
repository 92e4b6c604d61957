import { type CheckpointStore, checkpointName, type FoundCheckpoint } from './store';

type Readable = Pick<CheckpointStore, 'list' | 'load'>;

/** The newest checkpoint of a store that can be loaded. */
export async function findLatest(store: Readable): Promise<FoundCheckpoint> {
  const passedOver: FoundCheckpoint['passedOver'] = [];
  for (const name of await store.list()) {
    try {
      return { found: { name, checkpoint: await store.load(name) }, passedOver };
    } catch (error) {
      passedOver.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { found: null, passedOver };
}

/** The checkpoint that the newest valid one of a store remembers as the best. */
export async function findBest(store: Readable): Promise<FoundCheckpoint> {
  const { found, passedOver } = await findLatest(store);
  const best = found?.checkpoint.state.best;
  if (!found || !best) return { found: null, passedOver };
  const name = checkpointName(best.step);
  if (name === found.name) return { found, passedOver };
  try {
    return { found: { name, checkpoint: await store.load(name) }, passedOver };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { found: null, passedOver: [...passedOver, { name, reason }] };
  }
}
