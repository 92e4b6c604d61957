import { resolve } from 'node:path';
import { statOf } from '../run-folder/stat-of';

/** The name of the model that ships with `@xcp/xception`. */
export const SHIPPED = 'cifar10';

/** Where a model lies that was named, or the name of the one that ships unless there is something of that name. */
export function modelPath(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  return given === SHIPPED && !statOf(path) ? SHIPPED : path;
}
