import { fileURLToPath } from 'node:url';

/** The path of a script that runs in a process of its own; a file, for runtimes differ in how they take text. */
export const childScript = (name: 'load-tfjs-node' | 'load-addon') =>
  fileURLToPath(new URL(`../probe/${name}.mjs`, import.meta.url));
