import { knownKeys, number } from '../config/checks';
import { chanceLevel } from './chance-level';
import type { Curves, DiagnosedEpoch, DiagnoseOptions, Diagnosis } from './diagnosis';
import { diverging } from './diverging';
import { rateTooHigh, rateTooLow } from './learning-rate';
import { overfitting } from './overfitting';
import { validationAboveTraining } from './validation-above-training';
import { validationTrend } from './validation-trend';

/** Epochs from which on curves say something. */
const ENOUGH = 4;

/**
 * What the curves of a run say about it, in words with the evidence, warnings first: a pure function of the figures.
 *
 * @example
 * const [first] = diagnose(result.history, { classes: 10 });
 * console.log(first?.title, first?.evidence, first?.advice[0]);
 * @throws if there are fewer than two classes.
 */
export function diagnose(history: readonly DiagnosedEpoch[], options: DiagnoseOptions): Diagnosis[] {
  knownKeys('diagnose', options, ['classes', 'log']);
  const classes = number('diagnose', 'classes', options.classes, { integer: true, min: 2 });
  const curves: Curves = {
    epochs: history,
    validated: history.filter((epoch): epoch is Curves['validated'][number] => epoch.validation !== null),
    chance: 1 / classes,
    chanceLoss: Math.log(classes),
    log: options.log ?? [],
  };
  if (history.length < ENOUGH) return [tooShort(history.length)];
  // Where nothing was learnt or all is being lost, the rest of the curves means nothing.
  const fatal = chanceLevel(curves) ?? diverging(curves);
  const rate = rateTooHigh(curves) ?? rateTooLow(curves);
  if (fatal) return [fatal, ...(rate ? [rate] : [])];
  const fit = overfitting(curves);
  const trend = validationTrend(curves);
  const found = [
    fit,
    rate,
    fit && trend?.kind === 'plateaued' ? null : trend,
    validationAboveTraining(curves),
  ];
  return found.filter((diagnosis) => diagnosis !== null);
}

function tooShort(epochs: number): Diagnosis {
  return {
    kind: 'tooShort',
    severity: 'info',
    title: 'The run is too short to be judged by its curves',
    evidence: `${epochs} epochs, of the ${ENOUGH} that are needed`,
    advice: ['train longer'],
  };
}
