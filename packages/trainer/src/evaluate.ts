import type * as tfl from '@tensorflow/tfjs-layers';
import { type BatchSource, checkBatch, checkSource } from './batch';
import { alone, type Collective } from './collective/collective';
import { shareBatch } from './collective/share';
import { number, received } from './config/checks';
import { createJudge, type Judge, type Judgement } from './judge';
import { checkModel, classesOf } from './model';
import { PAUSE_EVERY, pause } from './pause';
import { checkViews, type ResolvedViews, resolveViews, type Views } from './views';

export interface EvaluateOptions {
  /** A model that ends in logits, `[batch, classes]`. */
  model: tfl.LayersModel;
  data: BatchSource;
  /** Names of the classes, for the result. Default their numbers. */
  classes?: readonly string[];
  /** Averages the logits over more versions of every image. Default the image alone. */
  views?: Views;
  /** Images that are evaluated at a time. Default those of a batch. Halved, down to 1, where memory runs out. */
  microBatchSize?: number | null;
  /** Called when memory ran out, with the images at a time from then on. */
  onOutOfMemory?: (event: { microBatchSize: number; reason: string }) => void | Promise<void>;
  /** Called after every batch. */
  onProgress?: (progress: { count: number; total: number }) => void;
  /** Called with what the model said of some images, all in all of each image once, in the order of the data. */
  onJudged?: (images: JudgedImages) => void;
  signal?: AbortSignal;
  /** The processes that evaluate together, each a share of every batch. Default this one alone. */
  collective?: Collective;
}

/** What a model said of some images. */
export type JudgedImages = Pick<Judgement, 'images' | 'shape' | 'labels' | 'predictions' | 'probabilities'>;

export interface ClassAccuracy {
  /** The number of the class, from 0. */
  label: number;
  name: string;
  correct: number;
  total: number;
  /** NaN where there is no image of the class. */
  accuracy: number;
}

export interface Evaluation {
  /** Mean cross-entropy, without label smoothing or regularization, so that runs can be compared. */
  loss: number;
  accuracy: number;
  /** The share of the images whose label is among the five highest logits; null where there are fewer than 6 classes. */
  top5Accuracy: number | null;
  count: number;
  perClass: ClassAccuracy[];
  /** `confusion[label][prediction]` counts images. */
  confusion: number[][];
}

/** What a history keeps of an evaluation. */
export function judged(evaluation: Evaluation | null): { loss: number; accuracy: number } | null {
  return evaluation && { loss: evaluation.loss, accuracy: evaluation.accuracy };
}

/**
 * Loss and accuracy of a model over one pass of the data, every image counted once, in all and per class.
 *
 * @example
 * const { accuracy, perClass } = await evaluate({ model, data: testData, classes: CIFAR10_CLASSES, views: { mirror: true } });
 * @throws if the model does not end in logits, a batch does not fit it, or the data is not as large as its `size`;
 *   the signal's reason if it is aborted.
 */
export function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { collective = alone } = options;
  return evaluateTogether(options, { collective, beforeBatch: async () => {} });
}

interface Together {
  collective: Collective;
  /** What ranks do together before every batch. */
  beforeBatch(): Promise<void>;
}

export async function evaluateTogether(options: EvaluateOptions, together: Together): Promise<Evaluation> {
  const { model, data, microBatchSize = null } = options;
  const views = resolveViews(options.views ?? {});
  checkModel('evaluate', model);
  checkSource('evaluate', 'data', data);
  if (microBatchSize !== null)
    number('evaluate', 'microBatchSize', microBatchSize, { integer: true, min: 1 });
  const names = classNames(options);
  const judge = createJudge(model, views, { ...options, microBatchSize });
  try {
    return await evaluateWith(judge, views, options, names, together);
  } finally {
    judge.dispose();
  }
}

async function evaluateWith(
  judge: Judge,
  views: ResolvedViews,
  { model, data, onProgress, onJudged, signal }: EvaluateOptions,
  names: readonly string[],
  { collective, beforeBatch }: Together,
): Promise<Evaluation> {
  const confusion = names.map(() => names.map(() => 0));
  const own = { lossSum: 0, inTop5: 0, count: 0 };
  let given = 0;
  let lastPause = performance.now();

  for await (const batch of data.batches(0, 0)) {
    await beforeBatch();
    signal?.throwIfAborted();
    checkBatch('evaluate', batch, model.inputs[0]!.shape, names.length, { ranks: collective.size });
    if (batch.mixed) {
      throw new Error(
        'evaluate: `data` must give whole images, received mixed ones; leave mixup and cutmix out',
      );
    }
    checkViews(views, batch.shape[1], batch.shape[2]);
    for await (const judgement of judge.parts(shareBatch(batch, collective))) {
      const { labels, loss, hits, predictions } = judgement;
      onJudged?.(judgement);
      own.lossSum += loss * labels.length;
      own.inTop5 += hits;
      own.count += labels.length;
      predictions.forEach((prediction, i) => {
        confusion[labels[i]!]![prediction]! += 1;
      });
    }
    given += batch.labels.length;
    onProgress?.({ count: given, total: data.size });
    if (performance.now() - lastPause > PAUSE_EVERY) {
      await pause();
      lastPause = performance.now();
    }
  }
  signal?.throwIfAborted();
  const { lossSum, inTop5, count } = await overRanks(collective, own, confusion);
  if (count !== data.size) {
    throw new Error(`evaluate: \`data\` must give its ${data.size} images once, received ${count}`);
  }
  const perClass = names.map((name, label) => classAccuracy(label, name, confusion[label]!));
  const correct = perClass.reduce((sum, entry) => sum + entry.correct, 0);
  const top5Accuracy = names.length > 5 ? inTop5 / count : null;
  return { loss: lossSum / count, accuracy: correct / count, top5Accuracy, count, perClass, confusion };
}

/** The sums over all ranks, and in place those of the confusion. */
async function overRanks<Sums extends Record<string, number>>(
  collective: Collective,
  own: Sums,
  confusion: number[][],
): Promise<Sums> {
  if (collective.size === 1) return own;
  const all = Float64Array.of(...Object.values(own), ...confusion.flat());
  await collective.allReduce(all, 'sum');
  const sums = [...all];
  const totals = Object.fromEntries(Object.keys(own).map((key) => [key, sums.shift()!])) as Sums;
  for (const row of confusion) row.splice(0, row.length, ...sums.splice(0, row.length));
  return totals;
}

function classNames({ model, classes }: EvaluateOptions): readonly string[] {
  const count = classesOf(model);
  if (classes !== undefined && classes.length !== count) {
    throw new Error(
      `evaluate: \`classes\` must name the model's ${count} classes, received ${received(classes)}`,
    );
  }
  return classes ?? Array.from({ length: count }, (_, label) => String(label));
}

function classAccuracy(label: number, name: string, row: readonly number[]): ClassAccuracy {
  const correct = row[label]!;
  const total = row.reduce((sum, n) => sum + n, 0);
  return { label, name, correct, total, accuracy: correct / total };
}
