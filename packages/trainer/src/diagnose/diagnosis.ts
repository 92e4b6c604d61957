import type { EpochRecord } from '../checkpoint/state';

export type DiagnosisKind =
  | 'tooShort'
  | 'diverging'
  | 'chanceLevel'
  | 'rateTooHigh'
  | 'rateTooLow'
  | 'overfitting'
  | 'stillFalling'
  | 'plateaued'
  | 'validationAboveTraining';

/** What the curves of a run say, with the evidence. */
export interface Diagnosis {
  kind: DiagnosisKind;
  severity: 'good' | 'info' | 'warning';
  /** One short sentence without a full stop. */
  title: string;
  /** The figures that say so. */
  evidence: string;
  /** What to do, the most promising first. */
  advice: string[];
}

/** What a diagnosis looks at. */
export type DiagnosedEpoch = Pick<EpochRecord, 'epoch' | 'loss' | 'accuracy' | 'validation'>;

export interface DiagnoseOptions {
  /** Classes of the data, for the level of guessing. */
  classes: number;
  /** The losses of the log events, in order, where spikes within epochs are to be seen. Default none. */
  log?: readonly { step: number; loss: number }[];
}

/** The curves of a run, as the single findings take them. */
export interface Curves {
  epochs: readonly DiagnosedEpoch[];
  /** The epochs that were validated. */
  validated: readonly (DiagnosedEpoch & { validation: { loss: number; accuracy: number } })[];
  /** The accuracy of guessing. */
  chance: number;
  /** The cross-entropy of guessing. */
  chanceLoss: number;
  log: readonly { step: number; loss: number }[];
}

export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
export const figure = (value: number) => String(Number(value.toPrecision(3)));
