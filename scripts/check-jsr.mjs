// Writes the packages that can go to JSR as JSR wants them, has Deno check them as `deno publish` would, without
// publishing, and runs a program on them.
// Usage: node scripts/check-jsr.mjs [FOLDER]: the folder, which must be new, is kept; by default a temporary one is not.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isThere, run } from './check-packages/run.mjs';
import { packages } from './jsr/packages.mjs';
import { writePackages } from './jsr/write.mjs';

const { XCP_DENO: deno = 'deno' } = process.env;
const [kept] = process.argv.slice(2);
if (kept !== undefined && existsSync(kept)) {
  console.error(`check-jsr: the folder must be new, received "${kept}", which is there`);
  process.exit(2);
}
const folder = kept === undefined ? mkdtempSync(join(tmpdir(), 'xcp-jsr-')) : resolve(kept);
try {
  writePackages(folder);
  console.log(`written: ${packages.map(({ name }) => name).join(', ')}`);
  if (isThere(deno)) {
    run(deno, ['publish', '--dry-run', '--allow-dirty'], { cwd: folder });
    console.log('deno publish --dry-run: ok');
    copyFileSync(new URL('jsr/program.ts', import.meta.url), join(folder, 'program.ts'));
    console.log(`a program: ${run(deno, ['run', '--allow-all', '--check', 'program.ts'], { cwd: folder })}`);
  } else console.log('left out: the dry run and the program, for Deno is not there (XCP_DENO names it)');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}
