import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../environment.mjs';
import { npm, pnpm } from './package-managers.mjs';
import { run } from './run.mjs';

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const TENSORFLOW = '4.22.0';

const compilerOptions = {
  target: 'ES2022',
  module: 'NodeNext',
  strict: true,
  // TensorFlow.js's own declarations do not pass.
  skipLibCheck: true,
  types: ['node'],
};

/** An empty project that installs the tarballs with `manager`; gives its folder. */
export function install(folder, manager, tarballs) {
  mkdirSync(folder);
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]));
  const dependencies = { ...files };
  for (const name of ['core', 'layers', 'backend-cpu']) {
    dependencies[`@tensorflow/tfjs-${name}`] = TENSORFLOW;
  }
  const tools = { '@types/node': devDependencies['@types/node'] };
  // Ours depend on each other by version, and the registry has none of them yet.
  const manifest = {
    type: 'module',
    private: true,
    dependencies,
    devDependencies: tools,
    pnpm: { overrides: files },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  if (manager === 'npm') npm(['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  else pnpm(['install', '--prefer-offline', '--ignore-workspace'], { cwd: folder });
}

/** An empty project with one package that needs none of the others, and the program that tries it there. */
export function installAlone(folder, name, tarball, program) {
  mkdirSync(folder);
  const manifest = { type: 'module', private: true, dependencies: { [name]: `file:${tarball}` } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  npm(['install', '--no-audit', '--no-fund', '--prefer-offline', '--omit=peer'], { cwd: folder });
  copyFileSync(join(import.meta.dirname, program), join(folder, program));
}

/** Type-checks consumer.ts in the project and compiles it to consumer.js. */
export function compile(folder) {
  copyFileSync(join(import.meta.dirname, 'consumer.ts'), join(folder, 'consumer.ts'));
  const config = { compilerOptions, files: ['consumer.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], {
    cwd: folder,
  });
}

/** Writes entries.js, which imports every entry of every package. */
export function writeEntries(folder, packages) {
  const entries = packages.flatMap(({ manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => !entry.endsWith('.json'))
      .map((entry) => manifest.name + entry.slice(1)),
  );
  const lines = entries.map(
    (entry) =>
      `if (Object.keys(await import('${entry}')).length === 0) throw new Error('${entry} is empty');`,
  );
  writeFileSync(
    join(folder, 'entries.js'),
    [...lines, `console.log('${entries.length} entries');`].join('\n'),
  );
}
