import type { Evaluation } from '@xcp/trainer';

/** Letters of a class in the heading: ten columns of five fit 60 with the names in front. */
const SHORT = 4;

/** Counts of images, a row for what they are and a column for what they were taken for; at most 60 columns wide. */
export function confusionTable(perClass: Evaluation['perClass'], confusion: Evaluation['confusion']): string {
  const names = perClass.map(({ name }) => name.slice(0, 10).padEnd(10));
  const heading = perClass.map(({ name }) => name.slice(0, SHORT).padStart(SHORT + 1)).join('');
  const rows = confusion.map(
    (counts, label) =>
      names[label]! + counts.map((count) => String(count || '·').padStart(SHORT + 1)).join(''),
  );
  return [' '.repeat(10) + heading, ...rows].join('\n');
}
