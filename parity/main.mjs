// How far our Xception is from Keras's and PyTorch's: the largest relative errors, as a table.
// Usage: pnpm parity [--backend xcp|xcp-wasm] [--write FILE]...

import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { machine, machineLine } from '../bench/report/machine.mjs';
import { replaceSection } from '../bench/report/replace-section.mjs';
import { cases, fixture } from './cases.mjs';
import { exceeded } from './limits.mjs';
import { run } from './run.mjs';
import { errorsOf } from './summary.mjs';
import { table } from './table.mjs';

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', default: 'xcp' },
    write: { type: 'string', multiple: true, default: [] },
  },
});

if (!(await tf.setBackend(options.backend))) {
  throw new Error(`parity: \`--backend\` must be xcp or xcp-wasm, received ${options.backend}`);
}
const { library, isa } = backendStatus(options.backend);

const rows = cases.map((case_) => {
  const { seed, exact } = fixture(case_.name);
  return { case_, errors: errorsOf(run(case_, seed), exact) };
});

const command = options.backend === 'xcp' ? 'pnpm parity' : `pnpm parity --backend ${options.backend}`;
const text = `${table(rows)}\n\n\`${command}\` (${library}, ${isa}); ${machineLine(machine())}.`;
console.log(text);
for (const file of options.write) replaceSection(file, 'parity', text);

for (const { case_, errors } of rows) {
  for (const problem of exceeded(errors, case_)) {
    console.error(`parity: ${case_.name}: ${problem}`);
    process.exitCode = 1;
  }
}
