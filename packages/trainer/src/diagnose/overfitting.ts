import { type Curves, type Diagnosis, figure, percent } from './diagnosis';
import { mean, trendOf } from './trend';

/** Accuracy on the training images that leaves nothing to learn from them. */
const MEMORIZED = 0.95;
/** The difference of accuracies from which on it is worth a word. */
const WIDE = 0.1;

/** Training figures that leave those of the validation behind. */
export function overfitting({ validated }: Curves): Diagnosis | null {
  if (validated.length < 4) return null;
  const last = validated.slice(-3);
  const training = mean(last.map(({ accuracy }) => accuracy));
  const judged = mean(last.map(({ validation }) => validation.accuracy));
  const gaps = validated.map(({ epoch, accuracy, validation }) => ({
    x: epoch,
    y: accuracy - validation.accuracy,
  }));
  const later = gaps.slice(-Math.max(4, Math.ceil(gaps.length / 2)));
  const { slope, margin } = trendOf(later);
  const widening = slope > margin && slope * later.length > 0.01;
  const wide = training - judged >= WIDE && (training >= MEMORIZED || widening);
  const lowest = validated.reduce((best, epoch) =>
    epoch.validation.loss < best.validation.loss ? epoch : best,
  );
  const rising = risesAfter(lowest, validated);
  if (!wide && !rising) return null;

  const { loss } = validated.at(-1)!;
  const turned = lowest !== validated.at(-1);
  const evidence = [
    `training loss ${figure(loss)} and accuracy ${percent(training)} against ${percent(judged)} in validation: ` +
      `${((training - judged) * 100).toFixed(1)} points, ${widening ? 'widening' : 'no longer widening'}`,
    turned && `validation loss was least at epoch ${lowest.epoch} (${figure(lowest.validation.loss)})`,
  ];
  return {
    kind: 'overfitting',
    severity: 'warning',
    title: 'The network learns its training images by heart',
    evidence: evidence.filter(Boolean).join('; '),
    advice: [
      'vary the images more: flip, crop, cutout, mixup',
      'raise the weight decay, or add dropout or label smoothing',
      ...(turned ? [`stop at about epoch ${lowest.epoch}: \`earlyStopping\``] : []),
    ],
  };
}

/** Whether the validation loss has risen since it was least, while the training loss went on falling. */
function risesAfter(lowest: Curves['validated'][number], validated: Curves['validated']): boolean {
  // The least itself is left out: the least of a flat, noisy curve has a rise after it too.
  const after = validated.filter(({ epoch }) => epoch > lowest.epoch);
  if (after.length < 5) return false;
  const { slope, margin, level } = trendOf(
    after.map(({ epoch, validation }) => ({ x: epoch, y: validation.loss })),
  );
  const { loss } = after.at(-1)!;
  return slope > margin && slope > 0.001 * level && loss < lowest.loss && loss < 0.8 * level;
}
