import { formatCount, formatDuration, formatLoss, formatPercent, formatRate } from './format';

/** One moment of training, as the bar and the log show it. */
export interface Progress {
  epoch: number;
  epochs: number;
  step: number;
  totalSteps: number;
  loss: number;
  accuracy: number;
  learningRate: number;
  imagesPerSecond: number;
  secondsLeft: number;
}

/** The facts of a moment, the most important first. */
function facts(progress: Progress): string[] {
  return [
    `epoch ${progress.epoch}/${progress.epochs}`,
    `step ${progress.step}/${progress.totalSteps}`,
    `loss ${formatLoss(progress.loss)}`,
    `acc ${formatPercent(progress.accuracy)}`,
    `${formatDuration(progress.secondsLeft)} left`,
    `${formatCount(progress.imagesPerSecond)} img/s`,
    `lr ${formatRate(progress.learningRate)}`,
  ];
}

/** A moment of training in one line of plain text, for a log that is not a terminal. */
export const logLine = (progress: Progress): string => facts(progress).join('  ');

const widestBar = 24;
const narrowestBar = 4;

/**
 * A moment of training with a bar, in at most `columns` characters: what does not fit is left out, the least
 * important first.
 */
export function barLine(progress: Progress, columns: number): string {
  const shown: string[] = [];
  for (const fact of facts(progress)) {
    if ([...shown, fact].join('  ').length + narrowestBar + 4 > columns) break;
    shown.push(fact);
  }
  const text = shown.join('  ');
  const width = Math.max(0, Math.min(widestBar, columns - text.length - 4));
  const share = progress.totalSteps > 0 ? Math.min(1, progress.step / progress.totalSteps) : 0;
  const filled = Math.round(share * width);
  return `[${'='.repeat(filled)}${' '.repeat(width - filled)}] ${text}`;
}
