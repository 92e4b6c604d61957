import { summarize } from '../measure/statistics.mjs';

const ms = (value) => value.toFixed(1);
const percent = (value) => `${(100 * value).toFixed(1)} %`;
const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);

const spread = (values, format) => {
  const { median, min, max } = summarize(values);
  return `${format(median)} (${format(min)} to ${format(max)})`;
};

/** The overhead of the loop: of each round, then their median and ends. */
export function loopTable(rounds, { command, machineLine }) {
  const overheads = rounds.map(({ loop, engine }) => loop / engine - 1);
  return [
    `\`${command}\`, ${machineLine}; median of ${rounds.length} rounds (least to most):`,
    '',
    '| | |',
    '|---|---|',
    `| a step of \`train()\` | ${spread(
      rounds.map(({ loop }) => loop),
      ms,
    )} ms |`,
    `| the engine's step alone | ${spread(
      rounds.map(({ engine }) => engine),
      ms,
    )} ms |`,
    `| overhead | ${spread(overheads, percent)} |`,
  ].join('\n');
}

/** The memory over time: about ten of the rows, the first and the last among them. */
export function soakTable(rows, { command, machineLine }) {
  const stride = Math.max(1, Math.ceil((rows.length - 1) / 10));
  const shown = rows.filter((_, i) => i % stride === 0 || i === rows.length - 1);
  return [
    `\`${command}\`, ${machineLine}:`,
    '',
    '| minutes | steps | tensors | tensor bytes (MiB) | RSS (MiB) |',
    '|---:|---:|---:|---:|---:|',
    ...shown.map(
      ({ seconds, step, tensors, tensorBytes, rss }) =>
        `| ${(seconds / 60).toFixed(1)} | ${step} | ${tensors} | ${mib(tensorBytes)} | ${mib(rss)} |`,
    ),
  ].join('\n');
}
