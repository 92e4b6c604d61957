import { checkInteger } from '../check';
import type { Batch } from './batch-maker';

/**
 * The labels of a batch as a row of shares for each image, float32 `[n, classes]`: 1 on its label, or where images are
 * mixed the share of each on its own.
 *
 * Throws if `classes` is no integer above every label.
 *
 * @example
 * const targets = tf.tensor2d(softTargets(batch, 10), [batch.labels.length, 10]);
 * const loss = tf.losses.softmaxCrossEntropy(targets, logits);
 */
export function softTargets(
  { labels, mixed }: Pick<Batch, 'labels' | 'mixed'>,
  classes: number,
): Float32Array {
  const least = Math.max(0, ...labels, ...(mixed?.labels ?? [])) + 1;
  checkInteger('softTargets', 'classes', classes, least);
  const targets = new Float32Array(labels.length * classes);
  labels.forEach((label, n) => {
    const share = mixed ? mixed.shares[n]! : 1;
    targets[n * classes + label]! += share;
    if (mixed) targets[n * classes + mixed.labels[n]!]! += 1 - share;
  });
  return targets;
}
