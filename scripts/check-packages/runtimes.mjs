import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './package-managers.mjs';
import { isThere } from './run.mjs';

// The npm packages that carry the programs, for where they are not installed.
export const VERSIONS = { deno: '2.9.6', bun: '1.4.5' };

/** Node.js, and Deno and Bun from the PATH, XCP_DENO and XCP_BUN, or npm; `reason` where one cannot be had. */
export function runtimes(folder) {
  return [
    { name: 'Node.js', command: process.execPath, args: [] },
    { name: 'Deno', ...found('deno', folder), args: ['run', '--allow-all'] },
    { name: 'Bun', ...found('bun', folder), args: ['run'] },
  ];
}

function found(name, folder) {
  const command = process.env[`XCP_${name.toUpperCase()}`] ?? name;
  if (isThere(command)) return { command };
  const place = join(folder, name);
  mkdirSync(place);
  try {
    npm(['install', '--no-audit', '--no-fund', '--prefer-offline', `${name}@${VERSIONS[name]}`], {
      cwd: place,
    });
  } catch (error) {
    return { reason: error.message.split('\n').at(-1) };
  }
  const installed = join(place, 'node_modules', '.bin', name);
  return isThere(installed) ? { command: installed } : { reason: `npm's ${name} does not start` };
}
