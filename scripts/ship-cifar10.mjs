// Makes a run's weights those that ship with @xcp/xception as 'cifar10': node scripts/ship-cifar10.mjs <run folder>
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './environment.mjs';

const [run] = process.argv.slice(2);
if (!run) throw new Error('ship-cifar10: the folder of a run must be named, received none');

const weights = join(root, 'packages/xception/weights/cifar10.safetensors');
const card = join(root, 'packages/xception/src/cifar10-card.ts');

rmSync(weights, { force: true });
const cli = join(root, 'apps/cli/dist/main.js');
const form = ['--format', 'safetensors', '--float', 'F16'];
const exported = spawnSync(process.execPath, [cli, 'export', run, ...form, '--out', weights], {
  stdio: 'inherit',
});
if (exported.status !== 0) process.exit(exported.status ?? 1);

// The exported model beside it tells how images go in.
const model = JSON.parse(readFileSync(join(run, 'model', 'model.json'), 'utf8'));
const { model: network, classes, size, normalize } = model.userDefinedMetadata.xcp;
// How it began matters no more.
const { kernelInitializer, seed, ...kept } = network;
const text = JSON.stringify({ network: kept, classes, size, normalize }, null, 2);
writeFileSync(
  card,
  `// Written by scripts/ship-cifar10.mjs.\nimport type { Cifar10Card } from './cifar10';\n\nexport const CARD: Cifar10Card = ${text};\n`,
);
const biome = spawnSync('npx', ['biome', 'check', '--write', card], { cwd: root, stdio: 'inherit' });
process.exit(biome.status ?? 1);
