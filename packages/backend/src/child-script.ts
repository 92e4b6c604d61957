import { fileURLToPath } from 'node:url';

/** The path of a script that runs in a process of its own; a file, for runtimes differ in how they take text. */
export const childScript = (name: 'load-tfjs-node' | 'load-addon') =>
  fileURLToPath(new URL(`../probe/${name}.mjs`, import.meta.url));

const MARK = 'XCP_CHILD';

type Env = Readonly<Record<string, string | undefined>>;

/** The environment of such a process. */
export const childEnv = (env: Env = process.env) => ({
  ...env,
  // Electron's program is Node.js then.
  ELECTRON_RUN_AS_NODE: '1',
  [MARK]: '1',
});

/** Whether this process is one. A program that is compiled into one file would start itself again and again. */
export const isChild = () => process.env[MARK] !== undefined;
