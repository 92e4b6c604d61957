import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { messageOf, UserError } from '../errors';
import { runPaths } from './paths';

/**
 * Makes sure that a new run can be written to `folder`, without writing anything.
 *
 * @param bytes what the run will need, where it is known
 * @throws UserError where the folder holds a run, is a file, cannot be written to, or lies on a full disk.
 */
export function checkNewRunFolder(folder: string, bytes = 0): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) {
      throw new UserError(`--out: must be a folder, received the file "${folder}"; name another one`);
    }
    refuseExistingRun(folder);
  }
  const parent = nearestExisting(folder);
  if (!statSync(parent).isDirectory()) {
    throw new UserError(`--out: must lie in a folder, but "${parent}" is a file; name another one`);
  }
  checkWritable(parent);
  checkSpace(parent, bytes);
}

function refuseExistingRun(folder: string): void {
  const runFiles = Object.values(runPaths('')).map((path) => basename(path));
  const found = readdirSync(folder).find((name) => runFiles.includes(name));
  if (found === undefined) return;
  if (existsSync(runPaths(folder).config)) {
    throw new UserError(
      `--out: "${folder}" holds a run already; continue it with \`xcp resume ${folder}\` or name another folder`,
    );
  }
  throw new UserError(
    `--out: "${folder}" holds "${found}", which a run would overwrite; name another folder`,
  );
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function checkWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError(`--out: "${folder}" cannot be written to (${messageOf(error)}); name another folder`);
  }
}

function checkSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  // Some network file systems report no sizes at all: there the first write has to tell.
  if (bsize === 0 || bavail * bsize >= bytes) return;
  const megabytes = (value: number) => `${Math.ceil(value / 1e6)} MB`;
  throw new UserError(
    `--out: the run needs about ${megabytes(bytes)} for checkpoints and the model, ` +
      `and "${folder}" has ${megabytes(bavail * bsize)} left; free some or name a folder on another disk`,
  );
}
