import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../errors';
import { writeFile } from './write-file';

interface OutputFile {
  /** The option that names it, such as `--html`. */
  option: string;
  /** What the user gave. */
  given: string;
  path: string;
  /** Whether to make the folders that it lies in. Default false. */
  makeFolders?: boolean;
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
    throw new UserError(`${option}: "${given}" cannot be written to (${messageOf(error)})`);
  }
}
