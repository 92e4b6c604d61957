import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseContenders, gemmProbes } from '../contenders/index.mjs';
import { start } from '../contenders/start.mjs';
import { difference } from '../network/same-function.mjs';

/** Large enough that packing no longer counts, small enough for a few products in a second. */
const GEMM_SIZE = 2048;

/**
 * Measures one configuration: in every round each contender once, one behind the other, so that whatever the machine
 * does meanwhile falls on all of them. Returns the reports of each, by name.
 */
export async function measureRounds(config, { rounds, seconds, threads, only, extra, log }) {
  const file = join(tmpdir(), `xcp-bench-${process.pid}.safetensors`);
  const { network, size, batch, kinds } = config;
  const writer = fileURLToPath(new URL('../network/write-task.mjs', import.meta.url));
  const shape = JSON.stringify({ network, size, batch });
  const facts = await start({ command: process.execPath, args: [writer, shape, file] });
  if (facts.reason) throw new Error(`bench: ${config.name}: ${facts.reason}`);

  const running = new Map(chooseContenders(config, { only, extra }).map((c) => [c, []]));
  const probes = new Map(config.reference === false || only ? [] : gemmProbes.map((p) => [p, []]));
  if (only && config.reference !== false) probes.set(gemmProbes[0], []);
  const leftOut = {};
  try {
    for (let round = 0; round < (config.rounds ?? rounds); round++) {
      for (const [contender, reports] of [...probes, ...running]) {
        const task = {
          ...{ network, size, batch, threads, tensors: file, gemmSize: GEMM_SIZE },
          kinds: kinds.filter((kind) => contender.kinds?.includes(kind)),
          repeat: repeatOptions(seconds),
        };
        const report = await start(contender.run(task));
        if (report.reason) {
          log(`${contender.name}: left out of ${config.name}: ${report.reason}`);
          leftOut[contender.name] = report.reason;
          running.delete(contender);
          probes.delete(contender);
          continue;
        }
        reports.push(report);
        log(`${config.name}, round ${round + 1}: ${contender.name}`);
      }
    }
  } finally {
    rmSync(file, { force: true });
  }
  const gemm = [...probes].map(([{ title }, reports]) => ({ title, reports }));
  return { config, ...pick(facts), size: GEMM_SIZE, gemm, results: checked(running), leftOut };
}

const pick = ({ macs, parameters }) => ({ macs, parameters });

export const repeatOptions = (seconds) => ({
  train: { seconds: 2 * seconds, least: 3, warmUps: 1 },
  infer: { seconds, least: 3, warmUps: 1 },
  gemm: { seconds, least: 5, warmUps: 2 },
});

/** With what each contender computes otherwise than the first one. */
function checked(running) {
  const all = [...running].filter(([, reports]) => reports.length > 0);
  const expected = all[0]?.[1][0];
  return all.map(([{ name, title, pytorch }, reports]) => ({
    name,
    title,
    pytorch: pytorch ?? false,
    differs: difference(expected, reports[0]),
    reports,
  }));
}
