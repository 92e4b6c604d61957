import Table from 'cli-table3';
import { formatCount } from '../terminal/format';
import type { BenchResult } from './bench';
import type { Speed } from './speed';

/** Images per second of each engine at each batch size, and how many times those of the first; 64 columns wide. */
export function benchTable({ engines, leftOut }: BenchResult): string {
  const several = engines.length > 1;
  const times = several ? ['×'] : [];
  const table = new Table({
    head: ['engine', 'batch', 'training', ...times, 'inference', ...times],
    colAligns: ['left', ...Array<'right'>(5).fill('right')],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, batches } of engines) {
    for (const [i, { batch, training, inference }] of batches.entries()) {
      const first = engines[0]!.batches[i]!;
      const cells = (speed: Speed, { median }: Speed) =>
        several ? [speedText(speed), (speed.median / median).toFixed(2)] : [speedText(speed)];
      table.push([name, batch, ...cells(training, first.training), ...cells(inference, first.inference)]);
    }
  }
  return [
    table.toString(),
    'Images per second: the median of the rounds, and how far they are apart.',
    ...(several ? leftOut : []).map(({ name, reason }) => `${name}: not measured (${reason})`),
  ].join('\n');
}

function speedText({ median, min, max }: Speed): string {
  const speed = median < 100 ? median.toPrecision(3) : formatCount(median);
  return min === max ? speed : `${speed} ±${(((max - min) / median) * 50).toFixed(0)} %`;
}
