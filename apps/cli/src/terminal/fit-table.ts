import Table from 'cli-table3';
import stringWidth from 'string-width';

export interface TableContent {
  head: readonly string[];
  /** Of the columns; to the left where it is not told. */
  colAligns?: readonly ('left' | 'right')[];
  rows: readonly (readonly string[])[];
}

/**
 * A table where it fits `columns` characters; else every row by itself, its first cell over the others, each of which
 * has a line (or several) with its heading.
 */
export function fitTable({ head, colAligns = [], rows }: TableContent, columns: number): string {
  const table = new Table({
    head: [...head],
    colAligns: [...colAligns],
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((cells) => [...cells]));
  const text = table.toString();
  if (widest(text.split('\n')) <= columns) return text;
  const labels = widest(head.slice(1));
  return rows
    .flatMap(([title = '', ...cells]) => [
      ...broken(title, columns),
      ...cells.flatMap((cell, i) => field(head[i + 1]!.padEnd(labels), cell, columns)),
    ])
    .join('\n');
}

const widest = (lines: readonly string[]) => Math.max(0, ...lines.map((line) => stringWidth(line)));

/** A cell beside its heading; what does not fit goes on below it. */
function field(label: string, cell: string, columns: number): string[] {
  const indent = `  ${label}  `;
  return broken(cell, Math.max(8, columns - indent.length)).map((line, i) =>
    i === 0 ? indent + line : ' '.repeat(indent.length) + line,
  );
}

/** Pieces of at most so many characters: lists and paths have no spaces to break them at. */
function broken(text: string, columns: number): string[] {
  const pieces = text.match(new RegExp(`.{1,${columns}}`, 'gu'));
  return pieces ?? [''];
}
