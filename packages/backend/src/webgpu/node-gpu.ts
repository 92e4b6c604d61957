interface Dawn {
  create(flags: string[]): GPU;
  globals: Record<string, unknown>;
}

/** Gives a runtime without WebGPU that of the npm package `webgpu`, under the names that a browser has for it. */
export async function installGpu(url: string): Promise<GPU> {
  const { create, globals } = (await import(/* @vite-ignore */ url)) as Dawn;
  for (const [name, value] of Object.entries(globals)) {
    if (name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const gpu = create([]);
  // Node 20 has no navigator; later ones have one that cannot be replaced.
  const runtime = globalThis as { navigator?: object };
  if (runtime.navigator === undefined) {
    const value = { userAgent: `Node.js/${process.versions.node.split('.')[0]}` };
    Object.defineProperty(globalThis, 'navigator', { value, configurable: true, writable: true });
  }
  Object.defineProperty(runtime.navigator!, 'gpu', { value: gpu, configurable: true, writable: true });
  return gpu;
}
