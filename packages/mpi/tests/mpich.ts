import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As Debian names them beside those of an Open MPI. */
const [MPICC, MPIRUN] = ['mpicc.mpich', 'mpirun.mpich'];

/** Why MPICH is not tested beside Open MPI here, in a line; null where it is. */
export function whyNoMpich(): string | null {
  const missing = [MPICC, MPIRUN].find((command) => spawnSync(command, ['-show']).error);
  return missing ? `there is no ${missing} (Debian: apt-get install mpich libmpich-dev)` : null;
}

/** This package with its addon built against MPICH, in a folder of its own. */
export function builtWithMpich() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'xcp-mpich-'));
  const isOurs = (path: string) => !/\/(build|node_modules)$/.test(path);
  cpSync(root, folder, { recursive: true, filter: isOurs });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/build-native.mjs')], {
    env: { ...process.env, XCP_MPICC: MPICC },
    encoding: 'utf8',
  });
  return { folder, said: `${stdout}${stderr}`.trim(), launcher: MPIRUN };
}
