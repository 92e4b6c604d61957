import type { File, h5wasm } from 'h5wasm';

let count = 0;

/**
 * Runs `work` on an HDF5 file in memory, and gives its bytes afterwards.
 *
 * The library, some 4 MB of it, is loaded by the first call.
 */
export async function withHdf5<T>(
  bytes: Uint8Array | null,
  work: (file: File) => T,
): Promise<{ result: T; bytes: Uint8Array }> {
  const { default: library } = await import('h5wasm');
  const module = await library.ready;
  const { FS } = module;
  const path = `/xcp-${count++}.h5`;
  if (bytes) FS.writeFile(path, bytes);
  // Without it the library prints what is wrong, and goes on with a file that is not open.
  module.activate_throwing_error_handler();
  try {
    const result = inFile(library, path, bytes ? 'r' : 'w', work);
    return { result, bytes: bytes ?? FS.readFile(path) };
  } finally {
    module.deactivate_throwing_error_handler();
    if (FS.analyzePath(path).exists) FS.unlink(path);
  }
}

function inFile<T>(library: typeof h5wasm, path: string, mode: 'r' | 'w', work: (file: File) => T): T {
  const file = new library.File(path, mode);
  try {
    return work(file);
  } finally {
    file.close();
  }
}
