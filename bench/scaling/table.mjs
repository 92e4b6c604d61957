const mib = (bytes) => Math.round(bytes / 2 ** 20);

/** A line for each point: training and inference side by side. */
export function scalingTable(rows, { command, machineLine }) {
  const points = rows.filter(({ kind }) => kind === 'train');
  const inferred = (point) =>
    rows.find((row) => row.kind === 'infer' && row.sweep === point.sweep && row.value === point.value);
  return [
    '| px | batch | threads | training ms | img/s | peak MiB | inference ms | img/s | peak MiB |',
    '|---|---|---|---|---|---|---|---|---|',
    ...points.map((point) => {
      const inference = inferred(point);
      const { size, batch, threads, ms, imagesPerSecond, peakBytes } = point;
      return `| ${[
        ...[size, batch, threads],
        ...[ms.median.toFixed(1), imagesPerSecond.toFixed(1), mib(peakBytes)],
        ...[inference.ms.median.toFixed(1), inference.imagesPerSecond.toFixed(1), mib(inference.peakBytes)],
      ].join(' | ')} |`;
    }),
    '',
    `\`${command}\`; ${machineLine}.`,
  ].join('\n');
}
