/** What of Bun's `bun:ffi` we use. */
interface Ffi {
  dlopen(library: string, symbols: object): { symbols: { setenv(...args: unknown[]): number } };
}

/** Sets environment variables so that native libraries of this process see them too. */
export async function setNativeEnv(values: Readonly<Record<string, string>>): Promise<void> {
  Object.assign(process.env, values);
  // Node and Deno pass them on to the process; Bun keeps its own copy.
  if (process.versions.bun === undefined || process.platform === 'win32') return;
  const name = 'bun:ffi';
  const { dlopen } = (await import(name)) as Ffi;
  const library = process.platform === 'darwin' ? 'libSystem.B.dylib' : 'libc.so.6';
  const { setenv } = dlopen(library, {
    setenv: { args: ['cstring', 'cstring', 'i32'], returns: 'i32' },
  }).symbols;
  for (const [key, value] of Object.entries(values)) {
    setenv(Buffer.from(`${key}\0`), Buffer.from(`${value}\0`), 1);
  }
}
