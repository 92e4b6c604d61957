import { CIFAR10_FILES } from '@xcp/cifar10';
import { readCifar10 } from '@xcp/cifar10/browser';
import type { Cifar10Place } from '../messages';
import type { DataSet } from './data-set';
import { keep, keptFiles } from './kept-files';

/** Where the dev server has the files; see `vite.config.ts`. */
const SERVED = new URL(`${import.meta.env.BASE_URL}cifar10/`, globalThis.location.href);

/** Where the data can be had without asking the user. */
export async function findCifar10(): Promise<Cifar10Place> {
  if ((await keptFiles()).length === CIFAR10_FILES.length) return 'browser';
  return (await servedNames()).length === CIFAR10_FILES.length ? 'server' : null;
}

/**
 * CIFAR-10 of the files that the user chose, of those this browser has kept, or of the dev server's; each is proved, and
 * kept for the next time.
 *
 * @throws if a file is not what it should be, or there is none.
 */
export async function loadCifar10(chosen: readonly File[], tell: (note: string) => void): Promise<DataSet> {
  const kept = chosen.length > 0 ? [] : await keptFiles();
  if (chosen.length > 0 || kept.length === CIFAR10_FILES.length) {
    return proved(chosen.length > 0 ? chosen : kept, tell);
  }
  const names = await servedNames();
  if (names.length < CIFAR10_FILES.length) {
    throw new Error('CIFAR-10 is not here yet: choose cifar-10-binary.tar.gz, or its six .bin files');
  }
  const files: File[] = [];
  for (const name of names) {
    tell(`fetching ${name}`);
    const response = await fetch(new URL(name, SERVED));
    if (!response.ok) throw new Error(`The server gives no ${name} (status ${response.status})`);
    files.push(new File([await response.blob()], name));
  }
  return proved(files, tell);
}

function proved(files: readonly File[], tell: (note: string) => void): Promise<DataSet> {
  return readCifar10(files, {
    onFile: async (file, bytes) => {
      tell(`${file.name} is proved`);
      await keep(file.name, bytes);
    },
  });
}

async function servedNames(): Promise<string[]> {
  const response = await fetch(new URL('index.json', SERVED));
  const names: unknown = response.ok ? await response.json() : [];
  return CIFAR10_FILES.map(({ name }) => name).filter((name) => Array.isArray(names) && names.includes(name));
}
