import Table from 'cli-table3';
import { formatCount, formatDuration } from '../terminal/format';
import { formatBytes } from './parse-bytes';
import type { SizePlan } from './plan-size';

/** A size with the speed that was measured, where it was. */
export interface MeasuredPlan extends SizePlan {
  imagesPerSecond: number | undefined;
}

/** The sizes, one a line; 60 columns wide. */
export function planTable(plans: readonly MeasuredPlan[], batch: number, images: number): string {
  const table = new Table({
    head: ['input', 'MACs', 'last map', 'memory', 'largest', 'img/s', 'epoch'],
    colAligns: ['right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { size, macs, finalMap, bytes, largest, imagesPerSecond } of plans) {
    table.push([
      size,
      formatMacs(macs),
      `${finalMap}×${finalMap}`,
      formatBytes(bytes),
      largest,
      imagesPerSecond === undefined ? '–' : formatCount(imagesPerSecond),
      imagesPerSecond === undefined ? '–' : formatDuration(images / imagesPerSecond),
    ]);
  }
  return `${table}\nmemory is that of a step with batch ${batch}, largest the batch that fits, epoch the time for ${formatCount(images)} images`;
}

/** From which batch on each size runs out of memory. */
export function limitLine(plans: readonly MeasuredPlan[], memory: number): string {
  const limits = plans.map(({ size, largest }) => `${largest + 1} at ${size} px`);
  return `${formatBytes(memory)} are too little from batch ${limits.join(', ')}.`;
}

/** What to do at the sizes at which the batch does not fit. */
export function planAdvice(plans: readonly MeasuredPlan[], batch: number, memory: number): string[] {
  return plans
    .filter(({ largest }) => largest < batch)
    .map(({ size, bytes, largest, largestMicro }) => {
      const subject = `At ${size} px a batch of ${batch} takes ${formatBytes(bytes)} and ${formatBytes(memory)} are there`;
      if (largest === 0) return `${subject}: not even one image fits.`;
      const micro = largestDivisor(batch, largestMicro);
      const parts = micro > 0 ? `, or ${batch} in micro-batches: --set microBatchSize=${micro}` : '';
      return `${subject}: ${largest} ${largest === 1 ? 'fits' : 'fit'}${parts}.`;
    });
}

/** The largest divisor of the batch that fits, so that all micro-batches are of one size. */
function largestDivisor(batch: number, most: number): number {
  for (let size = Math.min(batch, most); size > 0; size--) if (batch % size === 0) return size;
  return 0;
}

const formatMacs = (macs: number) =>
  macs < 1e9 ? `${(macs / 1e6).toFixed(1)} M` : `${(macs / 1e9).toFixed(2)} G`;
