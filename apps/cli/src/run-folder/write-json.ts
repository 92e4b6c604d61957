import { writeFile } from './write-file';

/** Writes a JSON file that a reader never sees half. */
export const writeJson = (path: string, value: unknown): void =>
  writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
