import { median, summarize } from '../measure/statistics.mjs';

/** A byte's rounding, normalized: PIL and torchvision on bytes round after the resize, and ours does not. */
const TOLERANCE = 0.02;

/**
 * A row for each contender: images per second (the median of a round's epochs but the first, then of the rounds) and
 * how many times as many ours made in the same round.
 */
export function summarizeSetting(setting, results) {
  const rate = ({ samples }) => median(samples.slice(1));
  const [first] = results;
  const rows = results.map(({ name, title, reports }) => {
    const rates = reports.map(rate);
    return {
      name,
      title,
      version: reports[0].version,
      imagesPerSecond: summarize(rates),
      ratio: summarize(rates.map((own, round) => rate(first.reports[round]) / own)),
      othersShare: Math.max(...reports.map(({ othersShare }) => othersShare)),
      differs: difference(first.reports[0].checked, reports[0].checked),
    };
  });
  return { ...setting, rows };
}

/** Whether an image that is not augmented comes out the same; what differs, or undefined. */
function difference(expected, actual) {
  if (expected.length !== actual.length) return `${actual.length} values instead of ${expected.length}`;
  const error = Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));
  return error <= TOLERANCE ? undefined : `values differ by ${error.toPrecision(2)}`;
}

const whole = (value) => Math.round(value).toLocaleString('en-US');
const spread = ({ median, min, max }, format) => `${format(median)} (${format(min)}–${format(max)})`;
const times = (value) => value.toFixed(2);
const percent = (share) => `${(100 * share).toFixed(0)} %`;

/** Rows for `console.table`. */
export function dataRows({ rows }) {
  return rows.map((row) => ({
    contender: row.title,
    version: row.version,
    'img/s': spread(row.imagesPerSecond, whole),
    'ours, times as many': spread(row.ratio, times),
    others: percent(row.othersShare),
    ...(row.differs && { differs: row.differs }),
  }));
}

/** A table of all settings, and what loading takes of memory. */
export function dataMarkdown({ settings, memory, command, machineLine }) {
  const lines = settings.flatMap(({ size, workers, rows }) =>
    rows.map((row) => {
      const cells = [
        `${size}×${size}`,
        workers || 'none',
        `${row.title} ${row.version}`,
        spread(row.imagesPerSecond, whole),
        spread(row.ratio, times),
        percent(row.othersShare),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const mb = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  const taken = memory
    ? [
        `The whole data set loaded and an epoch of batches made: ${mb(memory.peak)} at the peak, ${mb(memory.withWorkers)} with 2 workers.`,
        '',
      ]
    : [];
  return [
    '| px | workers | | img/s | ours, times as many | others |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
    ...taken,
    `\`${command}\`; ${machineLine}.`,
  ].join('\n');
}
