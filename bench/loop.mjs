// What the loop of @xcp/trainer costs beside the engine's step, and what its memory does over time.
// Usage: pnpm bench --loop [--clip] [--micro 16] [--cpu] [--rounds 20] [--steps 8] [--write FILE]
//        pnpm bench --loop --soak 10 [--every 30]
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@xcp/backend';
import { compareLoop } from './loop/compare.mjs';
import { soak } from './loop/soak.mjs';
import { loopTable, soakTable } from './loop/tables.mjs';
import { commandLine } from './report/command-line.mjs';
import { machine, machineLine } from './report/machine.mjs';
import { replaceSection } from './report/replace-section.mjs';

const { values: options } = parseArgs({
  options: {
    loop: { type: 'boolean' },
    network: { type: 'string', default: 'slim' },
    cpu: { type: 'boolean', default: false },
    clip: { type: 'boolean', default: false },
    micro: { type: 'string' },
    rounds: { type: 'string', default: '20' },
    steps: { type: 'string', default: '8' },
    soak: { type: 'string' },
    every: { type: 'string', default: '30' },
    write: { type: 'string' },
  },
});
await tf.setBackend('xcp');
// One thread does not spin while it waits for another: its processor time is that of its work.
if (options.cpu) tf.backend().setThreads(1);
const clock = options.cpu ? processorTime : () => performance.now();

const config = {
  ...(options.clip && { clipNorm: 1 }),
  ...(options.micro && { microBatchSize: Number(options.micro) }),
};
const about = { command: commandLine(), machineLine: machineLine(machine()) };
const { network } = options;
if (options.soak) {
  const rows = await soak({
    network,
    config,
    minutes: Number(options.soak),
    every: Number(options.every),
    log: (row) => console.log(JSON.stringify(row)),
  });
  print('soak', soakTable(rows, about));
} else {
  const rounds = Number(options.rounds);
  print(
    'loop',
    loopTable(await compareLoop({ network, config, rounds, steps: Number(options.steps), clock }), about),
  );
}

/** Milliseconds that this process had a processor, in its code and in the system's. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function print(section, table) {
  console.log(table);
  if (options.write) replaceSection(options.write, section, table);
}
