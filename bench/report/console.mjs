const mib = (bytes) => Math.round(bytes / 2 ** 20);
const percent = (share) => `${(100 * share).toFixed(0)} %`;
const spread = ({ min, max }, digits) => `${min.toFixed(digits)}–${max.toFixed(digits)}`;

/** Rows for `console.table`. */
export function consoleRows(rows) {
  return rows.map((row) => ({
    contender: row.title,
    version: row.version,
    ms: Number(row.ms.median.toFixed(1)),
    spread: spread(row.ms, 1),
    'img/s': Number(row.imagesPerSecond.toFixed(1)),
    GFLOPS: Math.round(row.gflops),
    'of peak': row.shareOfPeak ? percent(row.shareOfPeak) : '',
    '× PyTorch': row.ratio ? `${row.ratio.median.toFixed(2)} (${spread(row.ratio, 2)})` : '',
    'peak MiB': row.peakBytes ? `${mib(row.peakBytes)} (${mib(row.baselineBytes)} at start)` : '',
    others: percent(row.othersShare),
  }));
}
