import { brailleCurve } from '@xcp/trainer';
import { formatBytes } from '../planning/parse-bytes';
import { type Colors, type Extent, extentLine } from './bar-line';
import { formatCount, formatDuration, formatLoss, formatPercent, formatRate } from './format';
import { barLine, type Progress } from './progress-line';

/** Losses and accuracies, the oldest first. */
export interface Course {
  losses: readonly number[];
  accuracies: readonly number[];
}

/** A run as the terminal shows it while it trains. */
export interface LiveRun {
  progress: Progress;
  /** What is done of the epoch: its steps, or the images of its validation. */
  epoch: Extent;
  /** Of the last steps. */
  training: Course;
  /** Of the last epochs; null where the run has no validation data. */
  validation: Course | null;
  /** Bytes in tensors. */
  tensorBytes: number;
  /** Bytes of memory that the process holds. */
  residentBytes: number;
  folder: string;
}

/** The least of a terminal that the block fits; a smaller one gets one line. */
const LEAST = { columns: 40, rows: 10 };
/** The rows from which on every curve has two lines. */
const ROOMY = 14;
/** Columns of the name of a curve, and of its last figure. */
const LABEL = 'val loss'.length;
/** Columns between two curves, and between two facts. */
const GAP = 2;

/** A run that trains, in lines of at most `columns` characters, for the bottom of a terminal. */
export function liveBlock(run: LiveRun, columns: number, rows: number, colors: Colors): string {
  const { progress, epoch, training, validation } = run;
  if (columns < LEAST.columns || rows < LEAST.rows) return barLine(progress, columns);
  const whole: Extent = { name: 'run', done: progress.step, total: progress.totalSteps };
  const widths = {
    nameWidth: Math.max(epoch.name.length, whole.name.length),
    figuresWidth: Math.max(...[epoch, whole].map(({ done, total }) => `${done}/${total}`.length)),
  };
  const height = rows < ROOMY ? 1 : 2;
  return [
    extentLine(epoch, columns, colors, widths),
    extentLine(whole, columns, colors, widths),
    ...courseLines('', training, columns, height, colors),
    ...(validation ? courseLines('val ', validation, columns, height, colors) : []),
    ...factLines(run, columns, colors),
  ].join('\n');
}

/** The loss on the left half of the columns, the accuracy on the right one. */
function courseLines(
  prefix: string,
  { losses, accuracies }: Course,
  columns: number,
  height: number,
  colors: Colors,
): string[] {
  const width = Math.floor((columns - GAP) / 2);
  const left = curve(`${prefix}loss`, losses, formatLoss, width, height, colors);
  const right = curve(`${prefix}acc`, accuracies, formatPercent, width, height, colors);
  return left.map((line, i) => line + ' '.repeat(GAP) + right[i]);
}

/** The name and the last figure, and to the right of them the last figures as a curve. */
function curve(
  name: string,
  values: readonly number[],
  format: (value: number) => string,
  width: number,
  height: number,
  colors: Colors,
): string[] {
  const finite = values.filter(Number.isFinite);
  const last = finite.at(-1);
  const words = [name.padEnd(LABEL), (last === undefined ? '–' : format(last)).padEnd(LABEL)];
  const labels = height === 1 ? [words.join(' ')] : words;
  const room = width - labels[0]!.length - 1;
  if (room < 1 || last === undefined) return labels.map((label) => label.padEnd(width).slice(0, width));
  const lines = brailleCurve(finite.slice(-2 * room), { columns: room, rows: height });
  return lines.map((line, i) => `${labels[i]} ${colors.cyan(line)}`);
}

/** Facts side by side as they fit, and the folder, whose beginning is left out where it is long. */
function factLines(
  { progress, tensorBytes, residentBytes, folder }: LiveRun,
  columns: number,
  colors: Colors,
) {
  const facts = [
    `lr ${formatRate(progress.learningRate)}`,
    `${formatCount(progress.imagesPerSecond)} img/s`,
    `${formatDuration(progress.secondsLeft)} left`,
    `tensors ${formatBytes(tensorBytes)}`,
    `RSS ${formatBytes(residentBytes)}`,
    folder.length > columns ? `…${folder.slice(1 - columns)}` : folder,
  ];
  const lines: string[] = [];
  for (const fact of facts) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + GAP + fact.length <= columns) {
      lines[lines.length - 1] = line + ' '.repeat(GAP) + fact;
    } else lines.push(fact);
  }
  return lines.map((line) => colors.dim(line));
}
