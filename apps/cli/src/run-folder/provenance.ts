import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { thisRuntime } from '../runtime/this-runtime';

const require = createRequire(import.meta.url);

const versionOf = (manifest: string) =>
  (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;

/** The versions that decide what a run computes. */
export function versions(): Record<string, string> {
  const runtime = thisRuntime();
  return {
    xcp: versionOf(require.resolve('@xcp/cli/package.json')),
    '@tensorflow/tfjs-core': versionOf(require.resolve('@tensorflow/tfjs-core/package.json')),
    [runtime.name]: runtime.version,
  };
}

/** The commit that is checked out at `cwd`, with `-dirty` where files differ from it, or `null` outside of git. */
export function gitCommit(cwd: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const commit = git('rev-parse', 'HEAD');
    const changes = git('status', '--porcelain', '--untracked-files=no');
    return changes ? `${commit}-dirty` : commit;
  } catch {
    return null;
  }
}

/** System, architecture and processor. */
export function machine(): string {
  const processors = cpus();
  return `${process.platform} ${process.arch}, ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown CPU'}`;
}
