import { fileURLToPath } from 'node:url';
import { chooseContenders, gemmProbes } from '../contenders/index.mjs';
import { start } from '../contenders/start.mjs';
import { difference } from '../network/same-function.mjs';
import { temporaryFile } from './temporary-file.mjs';

/** Large enough that packing no longer counts, small enough for a few products in a second. */
const GEMM_SIZE = 2048;

/**
 * Measures one configuration: in every round each contender once, one behind the other, so that whatever the machine
 * does meanwhile falls on all of them. Returns the reports of each, by name.
 */
export async function measureRounds(config, { rounds, seconds, threads, only, extra, log }) {
  const running = new Map(chooseContenders(config, { only, extra }).map((c) => [c, []]));
  const probes = new Map(chooseProbes(config, only).map((p) => [p, []]));
  const { network, size, batch, kinds } = config;
  const shared = { network, size, batch, threads, tensors: temporaryFile(), gemmSize: GEMM_SIZE };
  const facts = await writeTask(shared);

  const leftOut = {};
  for (let round = 0; round < (config.rounds ?? rounds); round++) {
    for (const [contender, reports] of [...probes, ...running]) {
      const own = kinds.filter((kind) => contender.kinds?.includes(kind));
      const report = await start(contender.run({ ...shared, kinds: own, repeat: repeatOptions(seconds) }));
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
  const gemm = [...probes].map(([{ title }, reports]) => ({ title, reports }));
  return { config, ...pick(facts), size: GEMM_SIZE, gemm, results: checked(running), leftOut };
}

/** Whose products tell the peak: none for a network that is too small to come near it. */
function chooseProbes({ reference }, only) {
  if (reference === false) return [];
  return gemmProbes.filter(({ by }) => !only || only.some((name) => name.startsWith(by)));
}

/** Writes the tensors that the contenders read, and returns what the network is. */
async function writeTask({ tensors, ...task }) {
  const writer = fileURLToPath(new URL('../network/write-task.mjs', import.meta.url));
  const facts = await start({ command: process.execPath, args: [writer, JSON.stringify(task), tensors] });
  if (facts.reason) throw new Error(`bench: the network cannot be built: ${facts.reason}`);
  return facts;
}

const pick = ({ macs, parameters }) => ({ macs, parameters });

export const repeatOptions = (seconds) => ({
  train: { seconds: 2 * seconds, least: 3, warmUps: 3 },
  infer: { seconds, least: 3, warmUps: 3 },
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
