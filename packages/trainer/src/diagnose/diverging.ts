import { type Curves, type Diagnosis, figure } from './diagnosis';

/** A training loss that rises again, by more than noise does. */
export function diverging({ epochs, chanceLoss }: Curves): Diagnosis | null {
  const last = epochs.at(-1)!;
  const lowest = epochs.reduce((best, epoch) => (epoch.loss < best.loss ? epoch : best));
  const rise = last.loss - lowest.loss;
  // Low losses double easily: the rise has to count beside what guessing costs, too.
  if (last.loss < 1.5 * lowest.loss || rise < 0.2 * chanceLoss) return null;
  return {
    kind: 'diverging',
    severity: 'warning',
    title: 'The training loss is rising',
    evidence: `training loss ${figure(last.loss)} in the last epoch, after ${figure(lowest.loss)} in epoch ${lowest.epoch}`,
    advice: [
      'lower the learning rate to a third, or warm it up for longer',
      'bound the gradients (`clipNorm`)',
      `go on from the checkpoint of epoch ${lowest.epoch} or before`,
    ],
  };
}
