const mib = (bytes) => Math.round(bytes / 2 ** 20);
const titles = { train: 'Training', infer: 'Inference' };

/** Tables of training and inference: a line for each configuration and contender. */
export function markdownTables({ machineLine, command, measured }) {
  const parts = Object.entries(titles).map(([kind, title]) => {
    const lines = measured.flatMap(({ config, summary }) =>
      (summary[kind] ?? []).map((row) => markdownRow(config, row)),
    );
    return lines.length === 0 ? '' : [`**${title}**`, '', ...HEAD, ...lines, ''].join('\n');
  });
  return [...parts.filter(Boolean), `\`${command}\`; ${machineLine}.`].join('\n');
}

const HEAD = [
  '| px | batch | | ms | img/s | GFLOPS | of the GEMM peak | × PyTorch | peak MiB |',
  '|---|---|---|---|---|---|---|---|---|',
];

function markdownRow({ size, batch, network }, row) {
  const { ms, ratio, shareOfPeak } = row;
  return `| ${[
    network.stem ? `${size}, ${network.stem} stem` : size,
    batch,
    `${row.title} ${row.version}`,
    `${ms.median.toFixed(1)} (${ms.min.toFixed(1)}–${ms.max.toFixed(1)})`,
    row.imagesPerSecond.toFixed(1),
    row.gflops.toFixed(0),
    shareOfPeak ? `${(100 * shareOfPeak).toFixed(0)} %` : '',
    ratio ? `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})` : '',
    row.peakBytes ? mib(row.peakBytes) : '',
  ].join(' | ')} |`;
}
