import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let file;

/** A file of this process that is gone when the process ends, by an interrupt too. */
export function temporaryFile() {
  if (file) return file;
  file = join(tmpdir(), `xcp-bench-${process.pid}.safetensors`);
  process.once('exit', () => rmSync(file, { force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  return file;
}
