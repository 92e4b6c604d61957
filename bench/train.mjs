// Trains and infers the full Xception on the `xcp` backend and in PyTorch, in alternation, and prints medians.
// Usage: pnpm bench [--size 32] [--batch 64] [--rounds 3]; XCP_BENCH_PYTHON names a Python that has torch.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '32' },
    batch: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
  },
});
const shape = ['--size', options.size, '--batch', options.batch, '--rounds', '1'];
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = process.env.XCP_BENCH_PYTHON ?? 'python3';

const contenders = [
  { name: 'xcp', command: process.execPath, args: [file('step.mjs'), ...shape] },
  ...['channels_last', 'contiguous'].map((layout) => ({
    name: `PyTorch, ${layout}`,
    command: python,
    args: [file('pytorch_step.py'), ...shape, '--layout', layout],
  })),
];

/** One process: its measured line and what it says of itself; undefined where it cannot run. */
function measure({ name, command, args }) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status === 0) {
    return Object.assign(
      {},
      ...stdout
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    );
  }
  console.error(`${name}: left out: ${stderr?.trim().split('\n').at(-1) ?? `${command} cannot be started`}`);
  return undefined;
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const runs = new Map(contenders.map((contender) => [contender, []]));
for (let round = 0; round < Number(options.rounds); round++) {
  for (const contender of [...runs.keys()]) {
    const result = measure(contender);
    if (result) runs.get(contender).push(result);
    else runs.delete(contender);
  }
}

const rows = [...runs].map(([{ name }, results]) => {
  const train = results.map((result) => Number(result.train));
  return {
    name,
    'train ms': median(train),
    spread: `${Math.min(...train)}–${Math.max(...train)}`,
    'images/s': Number(((1000 * Number(options.batch)) / median(train)).toFixed(1)),
    'predict ms': median(results.map((result) => Number(result.predict))),
    version: results[0].torch ?? results[0].isa,
  };
});
console.log(
  `Xception, 10 classes, ${options.size}×${options.size}, batch ${options.batch}, float32, SGD with momentum`,
);
console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);
console.table(rows);
console.log(JSON.stringify(rows));
