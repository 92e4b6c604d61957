import { sep } from 'node:path';

/** The package that this program is published as. */
export const PACKAGE = '@xcp/cli';

/** Whether a script lies in the package as a registry gave it, in node_modules or in a runtime's cache. */
export const isInstalled = (script: string) => script.split(sep).join('/').includes(`/${PACKAGE}/`);
