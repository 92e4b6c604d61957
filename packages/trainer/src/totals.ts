/** Sums over the examples of several steps, in double precision and in the order of the steps. */
export interface Totals {
  examples: number;
  /** Sum of the loss over the examples. */
  loss: number;
  correct: number;
  /** Sum of the gradients' norm over the examples, where it is known. */
  gradientNorm?: number;
}

/** What one step came to. */
export interface StepFigures {
  step: number;
  examples: number;
  /** Mean loss of the batch. */
  loss: number;
  correct: number;
  /** The norm of all gradients together, before they were clipped; known where they are. */
  gradientNorm?: number;
}

export const noTotals: Totals = { examples: 0, loss: 0, correct: 0 };

export function addStep(totals: Totals, { examples, loss, correct, gradientNorm }: StepFigures): Totals {
  return {
    examples: totals.examples + examples,
    loss: totals.loss + loss * examples,
    correct: totals.correct + correct,
    ...(gradientNorm !== undefined && {
      gradientNorm: (totals.gradientNorm ?? 0) + gradientNorm * examples,
    }),
  };
}

/** Mean loss and accuracy over the examples. */
export function means({ examples, loss, correct }: Totals): { loss: number; accuracy: number } {
  return { loss: loss / examples, accuracy: correct / examples };
}

/** The mean norm of the gradients, where it is known. */
export function meanNorm({ examples, gradientNorm }: Totals): { gradientNorm?: number } {
  return gradientNorm === undefined ? {} : { gradientNorm: gradientNorm / examples };
}
