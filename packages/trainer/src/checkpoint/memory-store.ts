import { findBest, findLatest } from './find';
import {
  type Checkpoint,
  type CheckpointStore,
  checkpointName,
  keptNames,
  resolveKeep,
  type StoreOptions,
  stepOf,
} from './store';

/**
 * A store that keeps checkpoints in memory, for tests and notebooks: they end with the process.
 *
 * @example await train({ model, trainData, config, store: memoryStore() });
 * @throws if what to keep is not told in positive whole numbers.
 */
export function memoryStore(options: StoreOptions = {}): CheckpointStore {
  const keep = resolveKeep('memoryStore', options);
  const checkpoints = new Map<string, Checkpoint>();
  const store: CheckpointStore = {
    async save(checkpoint) {
      const name = checkpointName(checkpoint.state.step);
      checkpoints.set(name, structuredClone(checkpoint));
      const kept = keptNames([...checkpoints.keys()], checkpoint.state, keep);
      for (const other of checkpoints.keys()) if (!kept.has(other)) checkpoints.delete(other);
      return name;
    },
    async list() {
      return [...checkpoints.keys()].sort((a, b) => stepOf(b) - stepOf(a));
    },
    async load(name) {
      const checkpoint = checkpoints.get(name);
      if (checkpoint) return structuredClone(checkpoint);
      throw new Error(`memoryStore: \`name\` must be that of a checkpoint, received '${name}'`);
    },
    latest: () => findLatest(store),
    best: () => findBest(store),
  };
  return store;
}
