import { decodeSafetensors, encodeSafetensors } from '@xcp/safetensors';
import { findBest, findLatest } from '../checkpoint/find';
import type { TrainState } from '../checkpoint/state';
import {
  type CheckpointStore,
  checkpointName,
  keptNames,
  resolveKeep,
  type StoreOptions,
  stepOf,
} from '../checkpoint/store';
import { asked, transaction } from './indexed-db';
import { takeWebLock, webLocks } from './web-lock';

/** A store of a browser's, whose checkpoints outlive the page. */
export interface IndexedDbStore extends CheckpointStore {
  /** Throws all checkpoints away, for a new run. */
  clear(): Promise<void>;
}

/** What lies in the database: the bytes of the files that a checkpoint on a disk has, and its state. */
interface StoredCheckpoint {
  weights: Uint8Array;
  optimizer: Uint8Array;
  ema?: Uint8Array;
  state: TrainState;
}

/**
 * A store that keeps the checkpoints of a run in the browser, in the IndexedDB of this name: for pages and workers.
 *
 * A checkpoint is one transaction: it is there whole or not at all, and a tab that is closed at any moment leaves the
 * earlier ones as they were. One tab or worker may write at a time, which a Web Lock sees to where the browser has
 * them. The user can have the browser delete it all; `navigator.storage.persist()` asks that only the user may.
 *
 * @example
 * const store = indexedDbStore('my-run');
 * const begun = (await store.list()).length > 0;
 * await (begun ? resume({ model, trainData, store }) : train({ model, trainData, config, store }));
 * @throws if the name is empty or what to keep is not told in positive whole numbers; `save` throws if the browser
 *   gives no room.
 */
export function indexedDbStore(name: string, options: StoreOptions = {}): IndexedDbStore {
  if (typeof name !== 'string' || name === '') {
    throw new Error(
      `indexedDbStore: \`name\` must be that of a database, such as 'my-run', received ${JSON.stringify(name)}`,
    );
  }
  const keep = resolveKeep('indexedDbStore', options);
  const locks = webLocks();
  const reading = <T>(work: Parameters<typeof transaction<T>>[2]) =>
    transaction(name, 'readonly', work).catch((error) => {
      throw told(name, 'be readable', error);
    });

  const store: IndexedDbStore = {
    async save({ weights, optimizer, ema, state }) {
      const saved = checkpointName(state.step);
      const record: StoredCheckpoint = {
        weights: encodeSafetensors(weights),
        optimizer: encodeSafetensors(optimizer),
        ...(ema && { ema: encodeSafetensors(ema) }),
        state,
      };
      await transaction(name, 'readwrite', async (records) => {
        await asked(records.put(record, saved));
        const names = (await asked(records.getAllKeys())).map(String);
        const kept = keptNames(names, state, keep);
        await Promise.all(names.filter((each) => !kept.has(each)).map((each) => asked(records.delete(each))));
      }).catch((error) => {
        throw told(name, 'have room and be writable', error, '; earlier checkpoints are untouched');
      });
      return saved;
    },
    async list() {
      const names = await reading((records) => asked(records.getAllKeys()));
      return names.map(String).sort((a, b) => stepOf(b) - stepOf(a));
    },
    async load(checkpoint) {
      const record = (await reading((records) => asked(records.get(checkpoint)))) as
        | StoredCheckpoint
        | undefined;
      if (!record) {
        throw new Error(`indexedDbStore: \`name\` must be that of a checkpoint, received '${checkpoint}'`);
      }
      const { weights, optimizer, ema, state } = record;
      if (state.format !== 1) throw new Error(`the state must have format 1, received ${state.format}`);
      return {
        weights: decodeSafetensors(weights).tensors,
        optimizer: decodeSafetensors(optimizer).tensors,
        ...(ema && { ema: decodeSafetensors(ema).tensors }),
        state,
      };
    },
    latest: () => findLatest(store),
    best: () => findBest(store),
    async clear() {
      await transaction(name, 'readwrite', (records) => asked(records.clear())).catch((error) => {
        throw told(name, 'be writable', error);
      });
    },
  };
  if (!locks) return store;
  return {
    ...store,
    async acquire() {
      const release = await takeWebLock(locks, `indexedDbStore ${name}`);
      if (release) return release;
      throw new Error(
        `indexedDbStore: \`name\` must be written to by one tab or worker at a time, received '${name}', which ` +
          'another one is writing to; wait for it, or close its tab',
      );
    },
  };
}

function told(name: string, rule: string, cause: unknown, besides = ''): Error {
  const { name: kind, message } = cause as Error;
  const reason = [...new Set([kind, message])].filter((part) => part && part !== 'Error').join(': ');
  return new Error(`indexedDbStore: the database must ${rule}, received '${name}' (${reason})${besides}`, {
    cause,
  });
}
