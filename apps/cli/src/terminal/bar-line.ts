import type { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/** How far something is. */
export interface Extent {
  /** What it is: `epoch 3/10`. */
  name: string;
  done: number;
  total: number;
}

/** A bar with a name before it and the figures behind it, as wide as the columns: `epoch 3/10 ━━━━────  31/88`. */
export function extentLine(
  { name, done, total }: Extent,
  columns: number,
  colors: Colors,
  { nameWidth = name.length, figuresWidth = 0 } = {},
): string {
  const figures = `${done}/${total}`.padStart(figuresWidth);
  const width = columns - nameWidth - figures.length - 2;
  if (width < 1) return `${name} ${figures.trim()}`.slice(0, columns);
  return `${name.padEnd(nameWidth)} ${bar(done / total, width, colors)} ${figures}`;
}

/** A share from 0 to 1 as a line that is filled so far. */
function bar(share: number, width: number, colors: Colors): string {
  const filled = Number.isFinite(share) ? Math.round(Math.min(1, Math.max(0, share)) * width) : 0;
  return colors.cyan('━'.repeat(filled)) + colors.dim('─'.repeat(width - filled));
}
