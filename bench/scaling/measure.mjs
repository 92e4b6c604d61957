import { contenders } from '../contenders/index.mjs';
import { start } from '../contenders/start.mjs';
import { repeatOptions } from '../measure/rounds.mjs';
import { median, summarize } from '../measure/statistics.mjs';

/**
 * Measures the points of all sweeps with one contender, all of them in every round. Returns a row for each point:
 * milliseconds of a step and of a prediction, images per second, peak memory.
 */
export async function measureSweeps(sweeps, { contender: name, rounds, seconds, log }) {
  const contender = contenders.find((candidate) => candidate.name === name);
  if (!contender) throw new Error(`bench: \`--only\` must name a contender, received ${name}; try xcp`);
  const all = Object.values(sweeps).flatMap(({ name: sweep, points }) =>
    // Each kind in a process of its own, since memory that training took stays with the process.
    points.flatMap((point) => point.kinds.map((kind) => ({ sweep, point, kind, reports: [] }))),
  );
  for (let round = 0; round < rounds; round++) {
    for (const { sweep, point, kind, reports } of all) {
      const report = await start(contender.run({ ...point, kinds: [kind], repeat: repeatOptions(seconds) }));
      if (report.reason) {
        throw new Error(`bench: ${contender.title}, ${sweep} ${point.value}: ${report.reason}`);
      }
      reports.push(report);
      log(`round ${round + 1}: ${sweep} ${point.value}, ${kind}`);
    }
  }
  return all.map(({ sweep, point, kind, reports }) => row(sweep, point, kind, reports));
}

function row(sweep, { value, size, batch, threads }, kind, reports) {
  const ms = summarize(reports.map(({ samples }) => median(samples[kind])));
  return {
    ...{ sweep, value, size, batch, threads, kind, ms },
    imagesPerSecond: (1000 * batch) / ms.median,
    peakBytes: median(reports.map(({ peak }) => peak[kind])),
    othersShare: Math.max(...reports.map(({ othersShare }) => othersShare)),
  };
}
