import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Where Node's own headers lie, as in most installations; undefined where node-gyp must download them. */
export function nodeHeaders() {
  const prefix = resolve(dirname(process.execPath), '..');
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}
