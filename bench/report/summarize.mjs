import { median, summarize } from '../measure/statistics.mjs';

/** A step runs forward once and backward twice over, a product each for the gradient of the input and of the weights. */
const PASSES = { train: 3, infer: 1 };

/** GFLOPS of the machine's largest square product, by whoever reached most, over all rounds. */
export function gemmPeak({ gemm, size }) {
  const best = gemm.map(({ title, reports }) => {
    const fastest = Math.min(...reports.flatMap(({ samples }) => samples.gemm));
    return { title, gflops: (2 * size ** 3) / fastest / 1e6 };
  });
  return best.sort((a, b) => b.gflops - a.gflops)[0];
}

/** An inference behind training in one process has no peak. */
const medianOrNone = (values) => (values.includes(undefined) ? undefined : median(values));

/** The medians of a contender's rounds. */
const roundMedians = ({ reports }, kind) =>
  reports.filter(({ samples }) => samples[kind]).map(({ samples }) => median(samples[kind]));

/**
 * What was measured of training or of inference: a row for each contender, with its milliseconds and their spread over
 * the rounds, images per second, GFLOPS, the share of the GEMM peak, the memory, and how many times the images per
 * second of the better PyTorch layout in the same round.
 */
export function summarizeKind(measured, kind, peak = gemmPeak(measured)) {
  const { config, macs, results } = measured;
  const taking = results.filter((result) => roundMedians(result, kind).length > 0);
  const reference = taking
    .filter(({ pytorch }) => pytorch)
    .map((result) => roundMedians(result, kind))
    .sort((a, b) => median(a) - median(b))[0];
  return taking.map((result) => {
    const rounds = roundMedians(result, kind);
    const ms = summarize(rounds);
    const gflops = (2 * macs * config.batch * PASSES[kind]) / ms.median / 1e6;
    const { version, threads } = result.reports[0];
    return {
      name: result.name,
      title: result.title,
      version,
      threads,
      ms,
      imagesPerSecond: (1000 * config.batch) / ms.median,
      gflops,
      shareOfPeak: peak && gflops / peak.gflops,
      ratio: reference && summarize(rounds.map((own, i) => (reference[i] ?? median(reference)) / own)),
      peakBytes: medianOrNone(result.reports.map(({ peak }) => peak[kind])),
      baselineBytes: median(result.reports.map(({ baseline }) => baseline)),
      othersShare: Math.max(...result.reports.map(({ othersShare }) => othersShare)),
      differs: result.differs,
    };
  });
}
