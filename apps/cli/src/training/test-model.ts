import type * as tfl from '@tensorflow/tfjs-layers';
import { type BatchSource, type EvaluateOptions, type Evaluation, evaluate, type Views } from '@xcp/trainer';
import { extentLine } from '../terminal/bar-line';
import type { Output } from '../terminal/output';

/** Evaluates a model while the terminal shows how far it is. */
export async function testModel(
  what: Pick<EvaluateOptions, 'onJudged'> & {
    model: tfl.LayersModel;
    data: BatchSource;
    classes: readonly string[];
    views: Views;
  },
  split: 'test' | 'validation',
  output: Output,
  signal: AbortSignal,
): Promise<Evaluation> {
  try {
    return await evaluate({
      ...what,
      signal,
      onProgress: ({ count, total }) =>
        output.status((columns) => extentLine({ name: split, done: count, total }, columns, output.colors)),
    });
  } finally {
    output.clear();
  }
}
