import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './fake-data-set';
import { findNpm, type Machine } from './find-npm';

async function touch(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
  return path;
}

const machine = (folder: string, more: Partial<Machine> = {}): Machine => ({
  platform: 'linux',
  environment: {},
  execPath: join(folder, 'bin', 'node'),
  isNode: true,
  ...more,
});

describe('findNpm', () => {
  it('takes the npm that started this program, but no other package manager', async () => {
    const folder = await temporaryFolder();
    const npm = await touch(join(folder, 'own', 'npm-cli.js'));
    const pnpm = await touch(join(folder, 'own', 'pnpm.cjs'));
    const node = join(folder, 'bin', 'node');
    expect(findNpm(machine(folder, { environment: { npm_execpath: npm } }))).toEqual({
      file: node,
      prefix: [npm],
    });
    expect(findNpm(machine(folder, { environment: { npm_execpath: pnpm } }))).toBeUndefined();
  });

  it('finds npm where Unix and where Windows install it beside Node', async () => {
    const unix = await temporaryFolder();
    const script = await touch(join(unix, 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'));
    expect(findNpm(machine(unix))?.prefix).toEqual([script]);
    const windows = await temporaryFolder();
    const beside = await touch(join(windows, 'bin', 'node_modules', 'npm', 'bin', 'npm-cli.js'));
    expect(findNpm(machine(windows, { platform: 'win32' }))?.prefix).toEqual([beside]);
  });

  it('follows the link on PATH, or looks beside npm.cmd, or takes a program of that name', async () => {
    const folder = await temporaryFolder();
    const script = await touch(join(folder, 'lib', 'npm-cli.js'));
    await mkdir(join(folder, 'links'));
    await symlink(script, join(folder, 'links', 'npm'));
    const PATH = [join(folder, 'nothing'), join(folder, 'links')].join(delimiter);
    expect(findNpm(machine(folder, { environment: { PATH } }))?.prefix).toEqual([script]);

    const roaming = join(folder, 'roaming');
    const beside = await touch(join(roaming, 'node_modules', 'npm', 'bin', 'npm-cli.js'));
    const windows = machine(folder, { platform: 'win32', environment: { Path: roaming } });
    expect(findNpm(windows)?.prefix).toEqual([beside]);

    const program = await touch(join(folder, 'shims', 'npm'));
    const shims = machine(folder, { environment: { PATH: dirname(program) } });
    expect(findNpm(shims)).toEqual({ file: program, prefix: [] });
    expect(findNpm({ ...shims, platform: 'win32' })).toBeUndefined();
  });

  it('runs npm with Node also where another runtime asks', async () => {
    const folder = await temporaryFolder();
    const npm = await touch(join(folder, 'npm-cli.js'));
    const other = machine(folder, { isNode: false, environment: { npm_execpath: npm } });
    expect(findNpm(other)).toEqual({ file: 'node', prefix: [npm] });
  });
});
