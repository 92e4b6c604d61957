import { checkKeys } from '../check';
import type { Cifar10 } from '../labeled-images';
import { joined } from '../load/joined';
import { checkIsGzip, type TarMember, tarEntries } from '../load/tar-entries';
import { CIFAR10_FILES, type DataFile } from '../manifest';
import { sha256 } from './sha256';
import { unpacked } from './unpacked';

export interface ReadCifar10Options {
  /** Told each file that is proved, with its bytes, which a page may want to keep; it is waited for. */
  onFile?: (file: DataFile, bytes: Uint8Array) => void | Promise<void>;
  /** Stops reading. */
  signal?: AbortSignal;
}

/**
 * Reads CIFAR-10 from files that the user of a page chose or dropped: the six `.bin` files under any names, the archive
 * `cifar-10-binary.tar.gz`, or both mixed. Each is proved by its SHA-256, and needs no network.
 *
 * For browsers: it takes `File`s, and needs `crypto.subtle`, which pages have that came over https or from this
 * machine. The images take 184 MB of memory, and reading them about 60 MB more.
 *
 * @example
 * input.onchange = async () => {
 *   const { train, test } = await readCifar10(input.files);
 * };
 * @throws if a file is none of the six and no archive of them, or is damaged, or if one of the six is missing, naming it.
 */
export function readCifar10(files: Iterable<File>, options: ReadCifar10Options = {}): Promise<Cifar10> {
  return readFiles(CIFAR10_FILES, files, options);
}

/** {@link readCifar10} of a data set of these files. */
export async function readFiles(
  wanted: readonly DataFile[],
  files: Iterable<File>,
  options: ReadCifar10Options = {},
): Promise<Cifar10> {
  checkKeys('readCifar10', options, ['onFile', 'signal']);
  const { onFile, signal } = options;
  const { data, place } = joined(wanted);
  const missing = new Set(wanted);
  for (const given of files) {
    for await (const { name, bytes } of members(wanted, given, signal)) {
      signal?.throwIfAborted();
      const hash = await sha256(bytes);
      const file = wanted.find((each) => each.sha256 === hash);
      if (!file) {
        throw new Error(
          `readCifar10: each file must be one of CIFAR-10's, received ${name}, whose SHA-256 ${hash} is none of ` +
            'theirs; it is damaged or another file',
        );
      }
      if (!missing.delete(file)) continue;
      place(file, bytes);
      await onFile?.(file, bytes);
    }
  }
  if (missing.size > 0) {
    const names = [...missing].map(({ name }) => name).join(', ');
    throw new Error(
      `readCifar10: \`files\` must hold all ${wanted.length} files of CIFAR-10, received all but ${names}; ` +
        'choose them together, or cifar-10-binary.tar.gz, which has them',
    );
  }
  return data;
}

async function* members(
  wanted: readonly DataFile[],
  file: File,
  signal: AbortSignal | undefined,
): AsyncGenerator<TarMember> {
  if (wanted.some(({ size }) => size === file.size)) {
    yield { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    return;
  }
  const start = new Uint8Array(await file.slice(0, 24).arrayBuffer());
  try {
    checkIsGzip(file.name, start);
  } catch (cause) {
    const sizes = [...new Set(wanted.map(({ size }) => size))].join(' or ');
    throw new Error(
      `readCifar10: each file must be a .bin file of CIFAR-10 (${sizes} bytes) or cifar-10-binary.tar.gz, ` +
        `received ${file.name} of ${file.size} bytes`,
      { cause },
    );
  }
  const maxSize = (name: string) => wanted.find((each) => each.name === name)?.size;
  let found = false;
  for await (const member of tarEntries(file.name, unpacked(file), { maxSize, signal })) {
    found = true;
    yield member;
  }
  if (found) return;
  throw new Error(
    `readCifar10: an archive must be cifar-10-binary.tar.gz, received ${file.name}, which has none of ` +
      `${wanted.map(({ name }) => name).join(', ')}`,
  );
}
