import { type Curves, type Diagnosis, figure, percent } from './diagnosis';

/** An accuracy that guessing has as well. */
export function chanceLevel({ epochs, chance, chanceLoss }: Curves): Diagnosis | null {
  if (epochs.length < 2) return null;
  const best = Math.max(
    ...epochs.map(({ accuracy, validation }) => Math.max(accuracy, validation?.accuracy ?? 0)),
  );
  const lowest = Math.min(...epochs.map(({ loss }) => loss));
  if (best > 1.3 * chance || lowest < 0.95 * chanceLoss) return null;
  return {
    kind: 'chanceLevel',
    severity: 'warning',
    title: 'The network has learnt nothing: it guesses',
    evidence:
      `accuracy ${percent(best)} at most, where guessing has ${percent(chance)}; ` +
      `training loss ${figure(lowest)} at least, where guessing has ${figure(chanceLoss)}`,
    advice: [
      'check that labels and images belong together: look at some (`xcp data sample`)',
      'check that the images are normalized, to a mean of 0 and a deviation of 1',
      'try a learning rate ten times as low, then ten times as high',
    ],
  };
}
