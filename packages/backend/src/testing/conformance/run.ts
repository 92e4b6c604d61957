import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { BackendName } from '../../register';

/** One of TensorFlow.js's tests and how it went. */
export interface Spec {
  name: string;
  status: 'passed' | 'failed' | 'pending' | 'excluded';
  messages: string[];
}

const at = (path: string) => new URL(path, import.meta.url);

/** Bundles TensorFlow.js's tests with the backend's sources, so that both share one copy of TensorFlow.js. */
async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(at('./entry.ts'))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    // TensorFlow.js's package says that its tests have no side effects.
    ignoreAnnotations: true,
    logLevel: 'error',
    banner: {
      js: "import { createRequire as from } from 'node:module'; const require = from(import.meta.url);",
    },
    // The addon is looked for from where its loader stood before it was bundled.
    define: { 'import.meta.url': JSON.stringify(at('../../native.ts').href) },
  });
}

/** Runs TensorFlow.js's own tests for backends on one of ours, in a process of their own. */
export async function runConformance(backend: BackendName): Promise<Spec[]> {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-conformance-'));
  try {
    const [program, report] = [join(folder, 'tests.mjs'), join(folder, 'report.json')];
    await bundle(program);
    await promisify(execFile)(process.execPath, [program, report, backend], { maxBuffer: 2 ** 26 });
    return JSON.parse(readFileSync(report, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
