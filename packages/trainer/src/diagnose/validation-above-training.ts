import { type Curves, type Diagnosis, percent } from './diagnosis';
import { mean } from './trend';

/** A validation that does better than the training, which has its reasons. */
export function validationAboveTraining({ validated }: Curves): Diagnosis | null {
  const last = validated.slice(-Math.max(3, Math.ceil(validated.length / 3)));
  if (last.length < 3) return null;
  const training = mean(last.map(({ accuracy }) => accuracy));
  const judged = mean(last.map(({ validation }) => validation.accuracy));
  if (judged - training < 0.02) return null;
  return {
    kind: 'validationAboveTraining',
    severity: 'info',
    title: 'The validation does better than the training, as it may',
    evidence: `accuracy ${percent(judged)} in validation, ${percent(training)} in training, over the last ${last.length} validations`,
    advice: [
      'leave it: training figures are those of varied images, with dropout, while the weights move',
      'train longer or vary the images less, if the training accuracy is low',
    ],
  };
}
