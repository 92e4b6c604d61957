export { type IndexedDbStore, indexedDbStore } from './browser/indexed-db-store';
