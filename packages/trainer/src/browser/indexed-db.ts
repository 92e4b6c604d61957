/** What of IndexedDB we use; the types of a browser's globals are not those of Node. */
interface Asked<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface Opening extends Asked<Database> {
  onupgradeneeded: (() => void) | null;
}
interface Database {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite', options: { durability: 'strict' }): Transaction;
  close(): void;
}
interface Transaction {
  readonly error: Error | null;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): Records;
  abort(): void;
}
/** A store of records by their names. */
export interface Records {
  get(name: string): Asked<unknown>;
  getAllKeys(): Asked<unknown[]>;
  put(record: unknown, name: string): Asked<unknown>;
  delete(name: string): Asked<undefined>;
  clear(): Asked<undefined>;
}
interface Web {
  indexedDB?: { open(name: string, version: number): Opening };
}

/** The one store of records that each of our databases has. */
const STORE = 'checkpoints';

/** What a request gives; within a transaction, which ends where nothing is asked of it. */
export function asked<T>(request: Asked<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Runs `work` as one transaction of a database, which is made where there is none, and waits until it is on the disk:
 * all of it or nothing.
 *
 * @throws where there is no IndexedDB, or it refuses, for want of room or by the user's settings.
 */
export async function transaction<T>(
  name: string,
  mode: 'readonly' | 'readwrite',
  work: (records: Records) => Promise<T>,
): Promise<T> {
  const { indexedDB } = globalThis as Web;
  if (!indexedDB) throw new Error('there is no IndexedDB here');
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await asked(opening);
  try {
    const under = database.transaction(STORE, mode, { durability: 'strict' });
    const ended = new Promise<void>((resolve, reject) => {
      under.oncomplete = () => resolve();
      under.onabort = () => reject(under.error ?? new Error('the transaction was broken off'));
    });
    const worked = work(under.objectStore(STORE)).catch((error) => {
      // What was asked for so far would be kept.
      try {
        under.abort();
      } catch {
        // It has ended already, by a request that failed.
      }
      throw error;
    });
    const [result] = await Promise.all([worked, ended]);
    return result;
  } finally {
    database.close();
  }
}
