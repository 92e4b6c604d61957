// Builds native/check, a program that runs every kernel and the pool of threads without JavaScript, and runs it:
// plainly, under AddressSanitizer with UndefinedBehaviorSanitizer, and under ThreadSanitizer.
//
//   node scripts/check-kernels.mjs [--sanitizer none,address,thread] [--cxx g++] [--run 'qemu-aarch64 -L …']
//                                  [--rounds 20] [--seed 1]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SANITIZERS = {
  none: ['-O2'],
  address: [
    '-O1',
    '-g',
    '-fsanitize=address,undefined',
    '-fno-sanitize-recover=all',
    '-fno-omit-frame-pointer',
  ],
  thread: ['-O1', '-g', '-fsanitize=thread'],
};
// As in native/binding.gyp.
const KERNEL_FLAGS = {
  'kernels-baseline.cpp': [],
  'kernels-avx2.cpp': ['-mavx2', '-mfma'],
  'kernels-avx512.cpp': ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw', '-mavx2', '-mfma'],
};
const HOST = ['isa.cpp', 'memory.cpp', 'scratch.cpp', 'start-thread.cpp', 'threads.cpp'];

const { values: options } = parseArgs({
  options: {
    sanitizer: { type: 'string', default: 'none' },
    cxx: { type: 'string' },
    run: { type: 'string', default: '' },
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});

const native = fileURLToPath(new URL('../native', import.meta.url));
const candidates = options.cxx ? [options.cxx] : [process.env.CXX, 'clang++', 'g++', 'c++'].filter(Boolean);
const cxx = candidates.find((name) => spawnSync(name, ['--version']).status === 0);
if (!cxx) {
  console.log(
    `skipped: no C++ compiler (tried ${candidates.join(', ')}); install one, or name it with --cxx`,
  );
  process.exit(0);
}
const target = spawnSync(cxx, ['-dumpmachine'], { encoding: 'utf8' }).stdout.trim();
const isX64 = /^x86_64|^amd64/.test(target);
const isWindows = /mingw|windows/.test(target);

function run(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code, signal) => {
      if (signal) console.error(`FAILED: ${command} was ended by ${signal}`);
      resolve(signal ? 1 : code);
    });
  });
}

/** Runs `task` over all items, as many at once as there are processors; true where all gave 0. */
async function inParallel(items, task) {
  const queue = [...items];
  const codes = [];
  const worker = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) codes.push(await task(item));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return codes.every((code) => code === 0);
}

async function check(sanitizer, flags, directory) {
  const kernels = Object.keys(KERNEL_FLAGS).filter((name) => isX64 || name === 'kernels-baseline.cpp');
  const checks = readdirSync(join(native, 'check')).filter((name) => name.endsWith('.cpp'));
  const sources = [...kernels, ...HOST, ...checks.map((name) => `check/${name}`)];
  const object = (source) => join(directory, `${sanitizer}-${source.replace('/', '-')}.o`);
  const common = [
    '-std=c++17',
    '-ffp-contract=fast',
    '-fno-math-errno',
    '-Wall',
    '-Wextra',
    '-Wno-psabi',
    ...flags,
  ];
  const compiled = await inParallel(sources, (source) => {
    const own = [...(KERNEL_FLAGS[source] ?? []), '-DXCP_EXACT_SCRATCH'];
    return run(cxx, [...common, ...own, '-c', join(native, source), '-o', object(source)]);
  });
  const program = join(directory, `${sanitizer}${isWindows ? '.exe' : ''}`);
  const link = [...flags, ...sources.map(object), '-o', program, isWindows ? '-static' : '-pthread'];
  if (!compiled || (await run(cxx, link)) !== 0) return false;
  const [runner, ...runnerArgs] = [...options.run.split(' ').filter(Boolean), program];
  return (
    (await run(runner, [...runnerArgs, options.rounds, options.seed], {
      UBSAN_OPTIONS: 'print_stacktrace=1',
      TSAN_OPTIONS: 'halt_on_error=1',
    })) === 0
  );
}

const directory = mkdtempSync(join(tmpdir(), 'xcp-check-'));
try {
  for (const sanitizer of options.sanitizer.split(',')) {
    const flags = SANITIZERS[sanitizer];
    if (!flags) {
      throw new Error(
        `check-kernels: --sanitizer must be of ${Object.keys(SANITIZERS).join(', ')}, received ${sanitizer}`,
      );
    }
    console.log(`— ${cxx} (${target}), sanitizer: ${sanitizer}`);
    if (!(await check(sanitizer, flags, directory))) process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
