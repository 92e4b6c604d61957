import { createRequire } from 'node:module';
import type { Addon } from './addon';
import { AddonError } from './addon-error';
import { isAsBuilt } from './is-as-built';
import { whyNotLoad } from './try-in-child';

const require = createRequire(import.meta.url);

const messageOf = (error: unknown) => String((error as Error)?.message ?? error).split('\n')[0];

/** What is known of files that were looked at: they are hashed or tried once. */
const proved = new Map<string, string | undefined>();

/**
 * Loads the addon: a local build first, then a prebuilt one. A file that is not known to load is tried in a process of
 * its own, for one that is cut off does not throw but ends the process (SIGBUS).
 *
 * @param folder what node-gyp-build searches
 * @throws AddonError where there is none for this machine, or it is damaged.
 */
export function loadAddon(folder: string): Addon {
  const file = findAddon(folder);
  if (!proved.has(file)) proved.set(file, whyNotTrusted(file));
  const reason = proved.get(file);
  if (reason !== undefined) throw new AddonError(reason);
  let addon: Partial<Addon>;
  try {
    addon = require(file);
  } catch (error) {
    throw new AddonError(
      `its native addon does not load here (${messageOf(error)}); build it on this machine`,
    );
  }
  if (typeof addon.select === 'function') return addon as Addon;
  throw new AddonError(`its native addon is something else (${file}); build it again`);
}

function findAddon(folder: string): string {
  const { path } = require('node-gyp-build') as { path(folder: string): string };
  try {
    return path(folder);
  } catch {
    throw new AddonError(
      'its native addon is not built; install a C++ compiler, make and Python 3, then build again',
    );
  }
}

function whyNotTrusted(file: string): string | undefined {
  try {
    const asBuilt = isAsBuilt(file);
    if (asBuilt) return undefined;
    if (asBuilt === false)
      return `its native addon is damaged (${file} is not as it was built); build it again`;
  } catch (error) {
    return `its native addon cannot be read (${messageOf(error)}); build it again`;
  }
  const reason = whyNotLoad(file);
  return reason && `its native addon does not load here (${reason}); build it on this machine`;
}
