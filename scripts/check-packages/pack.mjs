import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../environment.mjs';
import { pnpm } from './package-managers.mjs';

/** The packages that are published: folder and manifest of each. */
export function published() {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  );
  return folders
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => !manifest.private);
}

/** Packs the packages into `destination`, as they would be published; gives the tarball of each, by name. */
export function pack(packages, destination) {
  const tarballs = packages.map(({ folder, manifest }) => {
    const told = pnpm(['pack', '--json', '--pack-destination', destination], { cwd: folder });
    return [manifest.name, JSON.parse(told.slice(told.indexOf('{'))).filename];
  });
  return Object.fromEntries(tarballs);
}
