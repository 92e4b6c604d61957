import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** A program that can be started without a shell, and the arguments that come before npm's own. */
export interface NpmCommand {
  readonly file: string;
  readonly prefix: readonly string[];
}

/** The facts about a machine by which npm is found. */
export interface Machine {
  readonly platform: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly execPath: string;
  /** Whether `execPath` is Node itself, and not another runtime that offers its modules. */
  readonly isNode: boolean;
}

const thisMachine = (): Machine => ({
  platform: process.platform,
  environment: process.env,
  execPath: process.execPath,
  isNode: !process.versions.bun && !process.versions.deno,
});

/**
 * Finds the user's npm: the one that started this program, or beside Node, or on PATH.
 *
 * It is run as `node npm-cli.js`, since Windows cannot start npm.cmd without a shell.
 */
export function findNpm(machine: Machine = thisMachine()): NpmCommand | undefined {
  const node = machine.isNode ? machine.execPath : 'node';
  const script = [startingNpm(machine), ...npmBesideNode(machine), ...npmOnPath(machine)].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (script) return { file: node, prefix: [script] };
  // A version manager may put a small program of its own in place of npm's.
  const program = machine.platform === 'win32' ? undefined : programOnPath(machine);
  return program ? { file: program, prefix: [] } : undefined;
}

/** pnpm and Yarn set the same variable to themselves. */
function startingNpm({ environment }: Machine): string | undefined {
  const path = environment.npm_execpath;
  return path && basename(path) === 'npm-cli.js' ? path : undefined;
}

const CLI = ['node_modules', 'npm', 'bin', 'npm-cli.js'];

function npmBesideNode({ execPath, isNode }: Machine): string[] {
  const folder = dirname(execPath);
  return isNode ? [join(folder, ...CLI), join(folder, '..', 'lib', ...CLI)] : [];
}

/** PATH holds a link to npm-cli.js, or, on Windows, npm.cmd beside npm's own folder. */
function npmOnPath(machine: Machine): string[] {
  return pathFolders(machine).flatMap((folder) => {
    const link = join(folder, 'npm');
    const target = existsSync(link) ? realpathSync(link) : '';
    return basename(target) === 'npm-cli.js' ? [target] : [join(folder, ...CLI)];
  });
}

function programOnPath(machine: Machine): string | undefined {
  return pathFolders(machine)
    .map((folder) => join(folder, 'npm'))
    .find((path) => existsSync(path));
}

function pathFolders({ environment }: Machine): string[] {
  // Windows spells it `Path`, and a copy of its environment is no longer blind to case.
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH');
  return (name && environment[name] ? environment[name] : '').split(delimiter).filter(Boolean);
}
