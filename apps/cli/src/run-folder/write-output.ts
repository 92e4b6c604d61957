import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, UserError } from '../errors';
import { statOf } from './stat-of';
import { writeFile } from './write-file';

export interface OutputFile {
  /** The option that names it, such as `--html`. */
  option: string;
  /** What the user gave. */
  given: string;
  path: string;
  /** Whether to make the folders that it lies in. Default false. */
  makeFolders?: boolean;
}

/** The file of an option such as `--html`, where it is given: checked now, before anything is computed for it. */
export function outputFile(option: string, given: string | undefined, cwd: string): OutputFile | undefined {
  if (given === undefined) return undefined;
  const file = { option, given, path: resolve(cwd, given) };
  checkOutput(file);
  return file;
}

/**
 * Makes sure, before anything is computed for a file, that it can be written; writes nothing.
 *
 * @throws UserError where it is a folder, or lies in none, or in one that cannot be written to.
 */
export function checkOutput({ option, given, path }: OutputFile): void {
  if (statOf(path)?.isDirectory()) {
    throw new UserError(`${option}: must be a file, received the folder "${given}"; name a file in it`);
  }
  const folder = dirname(path);
  try {
    if (!statSync(folder).isDirectory()) throw new Error(`"${folder}" is a file`);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite({ option, given }, error);
  }
}

/**
 * Writes a file that an option names.
 *
 * @throws UserError, which names the option and what was given, where it cannot be written.
 */
export function writeOutput(
  { option, given, path, makeFolders = false }: OutputFile,
  content: string | Uint8Array,
): void {
  try {
    if (makeFolders) mkdirSync(dirname(path), { recursive: true });
    writeFile(path, content);
  } catch (error) {
    throw cannotWrite({ option, given }, error);
  }
}

const cannotWrite = ({ option, given }: Pick<OutputFile, 'option' | 'given'>, error: unknown) =>
  new UserError(
    `${option}: must be a file that can be written, received "${given}" (${messageOf(error)}); name another`,
  );
