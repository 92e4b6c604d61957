import { CIFAR10_FILES } from '@xcp/cifar10';

const NAME = 'xcp-cifar10';
const address = (name: string) => new URL(`/xcp-kept/${name}`, globalThis.location.origin).href;

/** Keeps a file in this browser, where it lets us: then a reload needs no choice of files. */
export async function keep(name: string, bytes: Uint8Array): Promise<void> {
  try {
    const cache = await caches.open(NAME);
    if (await cache.match(address(name))) return;
    await cache.put(address(name), new Response(bytes as Uint8Array<ArrayBuffer>));
  } catch {
    // There is no room, or none for us; the user chooses the files once more.
  }
}

/** The files of CIFAR-10 that this browser has kept. They are proved when they are read, as all others. */
export async function keptFiles(): Promise<File[]> {
  if (!('caches' in globalThis)) return [];
  const cache = await caches.open(NAME);
  const found = await Promise.all(
    CIFAR10_FILES.map(async ({ name }) => {
      const response = await cache.match(address(name));
      return response ? [new File([await response.blob()], name)] : [];
    }),
  );
  return found.flat();
}
