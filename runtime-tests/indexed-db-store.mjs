// Checkpoints that outlive a page.
import { memoryStore } from '@xcp/trainer';

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** What `memoryStore` keeps, kept in IndexedDB too. */
export async function indexedDbStore(name) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('checkpoints');
  const database = await settled(opening);
  const objects = () => database.transaction('checkpoints', 'readwrite').objectStore('checkpoints');

  const store = memoryStore();
  for (const checkpoint of await settled(objects().getAll())) await store.save(checkpoint);
  return {
    ...store,
    async save(checkpoint) {
      const saved = await store.save(checkpoint);
      await settled(objects().put(checkpoint, saved));
      const kept = await store.list();
      for (const key of await settled(objects().getAllKeys())) {
        if (!kept.includes(key)) await settled(objects().delete(key));
      }
      return saved;
    },
  };
}
