import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { softmaxCrossEntropy } from '@xcp/layers';
import { type Batch, type BatchSource, checkBatch, checkSource } from './batch';
import { number, received } from './config/checks';
import { sliceBatch } from './gradients/micro-batches';
import { cleanUpAfterFailure } from './memory/clean-up';
import { halved, isOutOfMemory } from './memory/out-of-memory';
import { checkModel, classesOf, logitsOf } from './model';
import { PAUSE_EVERY, pause } from './pause';
import { countInTopK } from './top-k';
import { type Traced, traced } from './traced';
import { checkViews, meanLogits, type ResolvedViews, resolveViews, type Views } from './views';

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
  signal?: AbortSignal;
}

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
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { model, data } = options;
  const views = resolveViews(options.views ?? {});
  checkModel('evaluate', model);
  checkSource('evaluate', 'data', data);
  const { microBatchSize } = options;
  if (microBatchSize != null) number('evaluate', 'microBatchSize', microBatchSize, { integer: true, min: 1 });
  const names = classNames(options);
  const judged = judgement(model, views);
  try {
    return await evaluateWith(judged, views, options, names);
  } finally {
    judged.dispose();
  }
}

async function evaluateWith(
  judged: Traced,
  views: ResolvedViews,
  { model, data, onProgress, signal, microBatchSize, onOutOfMemory }: EvaluateOptions,
  names: readonly string[],
): Promise<Evaluation> {
  const confusion = names.map(() => names.map(() => 0));
  let lossSum = 0;
  let inTop5 = 0;
  let count = 0;
  let size = microBatchSize ?? Number.POSITIVE_INFINITY;
  let lastPause = performance.now();

  for await (const batch of data.batches(0, 0)) {
    signal?.throwIfAborted();
    checkBatch('evaluate', batch, model.inputs[0]!.shape, names.length);
    if (batch.mixed) {
      throw new Error(
        'evaluate: `data` must give whole images, received mixed ones; leave mixup and cutmix out',
      );
    }
    checkViews(views, batch.shape[1], batch.shape[2]);
    const n = batch.labels.length;
    for (let begin = 0; begin < n; ) {
      const part = sliceBatch(batch, begin, Math.min(n, begin + size));
      const { labels } = part;
      try {
        const { loss, hits, predictions } = await judge(judged, part);
        lossSum += loss * labels.length;
        inTop5 += hits;
        begin += labels.length;
        predictions.forEach((prediction, i) => {
          confusion[labels[i]!]![prediction]! += 1;
        });
      } catch (error) {
        if (!isOutOfMemory(error) || labels.length === 1) throw error;
        // What is traced of batches of this size is of no more use.
        judged.dispose();
        cleanUpAfterFailure();
        size = halved(labels.length);
        await onOutOfMemory?.({ microBatchSize: size, reason: error.message });
      }
    }
    count += n;
    onProgress?.({ count, total: data.size });
    if (performance.now() - lastPause > PAUSE_EVERY) {
      await pause();
      lastPause = performance.now();
    }
  }
  signal?.throwIfAborted();
  if (count !== data.size) {
    throw new Error(`evaluate: \`data\` must give its ${data.size} images once, received ${count}`);
  }
  const perClass = names.map((name, label) => classAccuracy(label, name, confusion[label]!));
  const correct = perClass.reduce((sum, entry) => sum + entry.correct, 0);
  const top5Accuracy = names.length > 5 ? inTop5 / count : null;
  return { loss: lossSum / count, accuracy: correct / count, top5Accuracy, count, perClass, confusion };
}

/** Of a batch: its mean loss, how many labels are among the five highest logits, and the predictions. */
function judgement(model: tfl.LayersModel, views: ResolvedViews): Traced {
  return traced((images, labels) => {
    const forward = (view: tf.Tensor4D) => logitsOf(model, view, false);
    const logits = meanLogits(forward, images as tf.Tensor4D, views);
    const loss = softmaxCrossEntropy(logits, labels as tf.Tensor1D, 0);
    return [tf.stack([loss, countInTopK(logits, labels as tf.Tensor1D, 5)]), tf.argMax(logits, 1)];
  });
}

async function judge(judged: Traced, batch: Batch) {
  const [figures, predictions] = tf.tidy(() =>
    judged.call([tf.tensor4d(batch.images, [...batch.shape]), tf.tensor1d(batch.labels, 'int32')]),
  ) as [tf.Tensor1D, tf.Tensor1D];
  try {
    const [loss, hits] = await figures.data();
    return { loss: loss!, hits: hits!, predictions: (await predictions.data()) as Int32Array };
  } finally {
    tf.dispose([figures, predictions]);
  }
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
