import * as tf from '@tensorflow/tfjs-core';
import type { StepFigures } from './totals';

/**
 * Loss, correct answers and, where gradients are clipped, their norm of the steps that nobody has read yet.
 *
 * They stay on the device, because reading one makes a GPU finish everything it was given: reading several at once
 * lets it work ahead. They are kept per step rather than summed, so that the sums are taken in double precision, in
 * the order of the steps whenever they are read, and a step that diverged can be named. The queue holds exactly one
 * tensor from the first step on.
 */
export interface FiguresQueue {
  /** Takes over `[loss, correct]`, `[1, 2]`, of a step, or `[loss, correct, norm]`, `[1, 3]`. */
  push(row: tf.Tensor2D, step: number, examples: number): void;
  /** Reads what was pushed since the last time. */
  read(): Promise<StepFigures[]>;
  dispose(): void;
}

export function figuresQueue(): FiguresQueue {
  let rows: tf.Tensor2D | undefined;
  let unread: Pick<StepFigures, 'step' | 'examples'>[] = [];

  const replace = (next: tf.Tensor2D | undefined) => {
    rows?.dispose();
    rows = next;
  };

  return {
    push(row, step, examples) {
      if (rows === undefined || unread.length === 0) {
        replace(row);
      } else {
        const longer = tf.concat([rows, row]);
        row.dispose();
        replace(longer);
      }
      unread.push({ step, examples });
    },
    async read() {
      if (rows === undefined) return [];
      const steps = unread;
      unread = [];
      const columns = rows.shape[1];
      const values = await rows.data();
      return steps.map((entry, i) => {
        const [loss, correct, gradientNorm] = values.subarray(columns * i, columns * (i + 1));
        return {
          ...entry,
          loss: loss!,
          correct: correct!,
          ...(gradientNorm !== undefined && { gradientNorm }),
        };
      });
    },
    dispose() {
      replace(undefined);
      unread = [];
    },
  };
}
