/** What runs this program. */
export interface Runtime {
  name: 'node' | 'deno' | 'bun';
  version: string;
}

/** The runtime that `versions` tells of; Deno and Bun name a version of Node.js too, which they stand in for. */
export function thisRuntime(versions: Record<string, string | undefined> = process.versions): Runtime {
  for (const name of ['deno', 'bun'] as const) {
    const version = versions[name];
    if (version !== undefined) return { name, version };
  }
  return { name: 'node', version: versions.node! };
}
