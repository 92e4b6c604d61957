import Table from 'cli-table3';
import { formatPercent } from './format';

/** How a model did on one class. */
export interface ClassResult {
  name: string;
  correct: number;
  total: number;
  accuracy: number;
}

/** A table of the accuracy per class, 36 columns wide. */
export function classTable(classes: readonly ClassResult[]): string {
  const table = new Table({
    head: ['class', 'correct', 'accuracy'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, correct, total, accuracy } of classes) {
    table.push([name, `${correct}/${total}`, formatPercent(accuracy)]);
  }
  return table.toString();
}
