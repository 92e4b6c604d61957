// Compiles the kernels to wasm with clang from npm, and bundles the workers' scripts. What it writes is committed, so
// that nobody needs a compiler to use it; `--check` only tells whether it was built from these sources.
// Usage: node scripts/build-wasm.mjs [--check]
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'wasm/build.json');

const listed = (folder, pattern) =>
  readdirSync(join(root, folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
const sources = [
  ...listed('kernels', /\.(cpp|h)$/),
  ...listed('wasm', /\.(cpp|h)$/),
  ...listed('src/wasm', /^worker.*\.ts$/),
  'scripts/build-wasm.mjs',
];

const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const sourcesHash = sha256(
  ...sources.flatMap((file) => [file, readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n')]),
);

const SHARED = ['-matomics', '-mthread-model', 'posix', '-ftls-model=local-exec'];
const RELAXED = ['-mrelaxed-simd'];
/** Memory is shared or not, and multiply-add is fused or not: a runtime takes the best that it validates. */
const variants = {
  'xcp-simd': { flags: [], threads: false },
  'xcp-simd-threads': { flags: SHARED, threads: true },
  'xcp-relaxed': { flags: RELAXED, threads: false },
  'xcp-relaxed-threads': { flags: [...RELAXED, ...SHARED], threads: true },
};

const COMPILE = [
  ...'-target wasm32-wasip1 -I. -std=c++17 -O3 -fno-exceptions -fno-rtti -fno-math-errno'.split(' '),
  ...'-fno-threadsafe-statics -ffp-contract=fast -fvisibility=hidden -Wall -Wextra'.split(' '),
  ...'-msimd128 -mbulk-memory -mnontrapping-fptoint -msign-ext -mmutable-globals'.split(' '),
  // Loop strength reduction rewrites addresses so that their constant parts no longer fold into loads: a tenth slower.
  ...['-mllvm', '-disable-lsr'],
];
const LINK = [
  ...[
    '--no-entry',
    '--import-memory',
    '--initial-memory=2097152',
    '--stack-first',
    '-z',
    'stack-size=262144',
  ],
  ...['--export=__stack_pointer', '--strip-all'],
];
const LINK_SHARED = [
  ...['--shared-memory', '--max-memory=4294967296'],
  ...['--export=__wasm_init_tls', '--export=__tls_size'],
];
const HOST = ['wasm/kernels.cpp', 'wasm/run.cpp', 'wasm/memory.cpp', 'wasm/scratch.cpp'];

const { version: compiler } = JSON.parse(
  readFileSync(join(root, 'node_modules/@yowasp/clang/package.json'), 'utf8'),
);

async function compile(name, { flags, threads }) {
  const { runClang } = await import('@yowasp/clang');
  const tree = {};
  for (const file of sources) {
    const [folder, name] = file.split('/');
    tree[folder] ??= {};
    if (/\.(cpp|h)$/.test(file)) tree[folder][name] = readFileSync(join(root, file), 'utf8');
  }
  const link = ['-nostartfiles', ...[...LINK, ...(threads ? LINK_SHARED : [])].map((flag) => `-Wl,${flag}`)];
  const files = [...HOST, threads ? 'wasm/threads.cpp' : 'wasm/single.cpp'];
  const command = ['clang++', ...COMPILE, ...flags, ...link, ...files, '-o', 'out.wasm'];
  const output = await runClang(command, tree, { fetchProgress() {} }).catch(({ message }) => {
    throw new Error(`clang failed on ${name}: ${message}`); // the error itself carries all sources along
  });
  const bytes = output['out.wasm'];
  writeFileSync(join(root, `wasm/${name}.wasm`), bytes);
  console.log(`xcp backend: wasm/${name}.wasm: ${bytes.length} bytes`);
  return [`${name}.wasm`, sha256(bytes)];
}

async function bundleWorkers() {
  const { build } = await import('tsup');
  await build({
    entry: ['src/wasm/worker-node.ts', 'src/wasm/worker-web.ts'].map((file) => join(root, file)),
    outDir: join(root, 'wasm'),
    format: 'esm',
    config: false,
    splitting: false,
    removeNodeProtocol: false,
    silent: true,
  });
}

const rebuild = 'pnpm --filter @xcp/backend run build:wasm';
if (process.argv.includes('--check')) {
  const built = JSON.parse(readFileSync(stamp, 'utf8'));
  const problems = Object.entries(built.binaries)
    .filter(([name, hash]) => sha256(readFileSync(join(root, 'wasm', name))) !== hash)
    .map(([name]) => `wasm/${name} is not the one that was built`);
  if (built.sources !== sourcesHash)
    problems.push('kernels/, wasm/ or the workers changed since wasm/ was built');
  for (const problem of problems) console.error(`xcp backend: ${problem}; run: ${rebuild}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  await bundleWorkers();
  const binaries = [];
  for (const [name, variant] of Object.entries(variants)) binaries.push(await compile(name, variant));
  for (const name of ['worker-node.js', 'worker-web.js']) {
    binaries.push([name, sha256(readFileSync(join(root, 'wasm', name)))]);
  }
  const record = { rebuild, compiler: `@yowasp/clang ${compiler}`, sources: sourcesHash };
  writeFileSync(stamp, `${JSON.stringify({ ...record, binaries: Object.fromEntries(binaries) }, null, 2)}\n`);
}
