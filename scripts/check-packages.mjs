// Checks the packages as they would be published: packs them, reads the tarballs with publint and attw, installs them
// into empty projects with npm and with pnpm, type-checks a program there, and runs it in Node.js, Deno and Bun.
// Usage: pnpm build && pnpm check:packages
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, published } from './check-packages/pack.mjs';
import { compile, install, installAlone, writeEntries } from './check-packages/project.mjs';
import { run } from './check-packages/run.mjs';
import { runtimes } from './check-packages/runtimes.mjs';
import { root } from './environment.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xcp-packages-'));
let failed = 0;

/** Does one thing and says in a line how it went. */
function check(name, work) {
  try {
    console.log(`${name}: ${work() || 'ok'}`);
  } catch (error) {
    failed++;
    console.log(`${name}: FAILED\n${error.message}`);
  }
}

const tool = (...path) => join(root, 'node_modules', ...path);
const publint = tool('publint', 'src', 'cli.js');
const attw = tool('@arethetypeswrong', 'cli', 'dist', 'index.js');

try {
  const packages = published();
  const tarballs = pack(packages, folder);
  for (const [name, file] of Object.entries(tarballs)) {
    check(`publint ${name}`, () => void run(process.execPath, [publint, file, '--strict']));
    check(
      `attw ${name}`,
      () => void run(process.execPath, [attw, file, '--profile', 'esm-only', '--no-emoji']),
    );
  }
  const available = runtimes(folder);
  const alone = join(folder, 'data-alone');
  const data = '@xcp/cifar10';
  check(`${data} alone: install`, () => installAlone(alone, data, tarballs[data], 'data-alone.js'));
  for (const { name, command, args, reason } of available) {
    if (reason) console.log(`${data} alone, ${name}: left out: ${reason}`);
    else check(`${data} alone, ${name}`, () => run(command, [...args, 'data-alone.js'], { cwd: alone }));
  }
  for (const manager of ['npm', 'pnpm']) {
    const project = join(folder, `with-${manager}`);
    check(`${manager}: install`, () => install(project, manager, tarballs));
    check(`${manager}: types`, () => compile(project));
    writeEntries(project, packages);
    for (const { name, command, args, reason } of available) {
      if (reason) {
        console.log(`${manager}, ${name}: left out: ${reason}`);
        continue;
      }
      for (const file of ['entries.js', 'consumer.js']) {
        check(`${manager}, ${name}: ${file}`, () => run(command, [...args, file], { cwd: project }));
      }
    }
    const xcp = join(project, 'node_modules', '@xcp', 'cli', 'dist', 'main.js');
    check(`${manager}: xcp --version`, () => run(process.execPath, [xcp, '--version'], { cwd: project }));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed ? `${failed} failed` : 'All packages are well.');
process.exitCode = failed ? 1 : 0;
