import type { Evaluation } from '@xcp/trainer';
import { classTable } from './class-table';
import { confusionTable } from './confusion-table';
import { formatLoss, formatPercent } from './format';
import type { Output } from './output';

/** Prints a table of the accuracy per class, and the accuracy and loss in all. */
export function sayEvaluation(split: string, { loss, accuracy, perClass }: Evaluation, output: Output): void {
  output.say(classTable(perClass));
  output.say(output.colors.bold(`${split} accuracy ${formatPercent(accuracy, 2)}, loss ${formatLoss(loss)}`));
}

/** Prints which classes are taken for which, as wide as the terminal lets it be. */
export function sayConfusion({ perClass, confusion }: Evaluation, output: Output): void {
  output.say(confusionTable(perClass, confusion));
}
