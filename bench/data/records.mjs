import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RECORD_BYTES = 3073;

/** A file of `count` records in CIFAR-10's binary form, with bytes of a small generator, that is gone with the process. */
export function recordsFile(count) {
  const bytes = new Uint8Array(count * RECORD_BYTES);
  let state = 1;
  for (let i = 0; i < bytes.length; i++) {
    state = (state * 48271) % 2147483647;
    bytes[i] = i % RECORD_BYTES === 0 ? state % 10 : state % 256;
  }
  const file = join(tmpdir(), `xcp-bench-records-${process.pid}-${count}.bin`);
  process.once('exit', () => rmSync(file, { force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  writeFileSync(file, bytes);
  return file;
}
