import { existsSync, readdirSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { runPaths } from '../run-folder/paths';

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Where nothing can be read there is nothing to suggest.
    return [];
  }
}

/** Files and folders that begin as `word` does; a folder ends in a slash, hidden ones are shown on request alone. */
export function pathsLike(word: string, cwd: string): string[] {
  const folder = word.slice(0, word.lastIndexOf('/') + 1);
  const begun = word.slice(folder.length);
  return entries(resolve(cwd, folder || '.'))
    .filter(({ name }) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
    .map((entry) => folder + entry.name + (entry.isDirectory() ? '/' : ''))
    .sort();
}

/** The folders of runs in `runs`, and in the folders there, as those of a sweep are; with slashes on Windows too. */
export function runFolders(cwd: string): string[] {
  const within = (folder: string): string[] =>
    entries(resolve(cwd, folder))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => posix.join(folder, name));
  const isRun = (folder: string) => existsSync(runPaths(resolve(cwd, folder)).config);
  return within('runs')
    .flatMap((folder) => (isRun(folder) ? [folder] : within(folder).filter(isRun)))
    .sort();
}

/** Runs that begin as `word` does, or else any path, for a run may lie anywhere. */
export function runsLike(word: string, cwd: string): string[] {
  const runs = runFolders(cwd).filter((folder) => folder.startsWith(word));
  return runs.length > 0 ? runs : pathsLike(word, cwd);
}
