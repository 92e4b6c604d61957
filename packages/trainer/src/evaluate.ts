import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { softmaxCrossEntropy } from '@xcp/layers';
import { type Batch, type BatchSource, checkBatch, checkSource } from './batch';
import { received } from './config/checks';
import { checkModel, classesOf, logitsOf } from './model';
import { PAUSE_EVERY, pause } from './pause';
import { type Traced, traced } from './traced';

export interface EvaluateOptions {
  /** A model that ends in logits, `[batch, classes]`. */
  model: tfl.LayersModel;
  data: BatchSource;
  /** Names of the classes, for the result. Default their numbers. */
  classes?: readonly string[];
  /** Averages the logits of every image and of its mirror image. Default false. */
  mirror?: boolean;
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
 * const { accuracy, perClass } = await evaluate({ model, data: testData, classes: CIFAR10_CLASSES, mirror: true });
 * @throws if the model does not end in logits, a batch does not fit it, or the data is not as large as its `size`;
 *   the signal's reason if it is aborted.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { model, data, mirror = false } = options;
  checkModel('evaluate', model);
  checkSource('evaluate', 'data', data);
  const names = classNames(options);
  const judged = judgement(model, mirror);
  try {
    return await evaluateWith(judged, options, names);
  } finally {
    judged.dispose();
  }
}

async function evaluateWith(
  judged: Traced,
  { model, data, onProgress, signal }: EvaluateOptions,
  names: readonly string[],
): Promise<Evaluation> {
  const confusion = names.map(() => names.map(() => 0));
  let lossSum = 0;
  let count = 0;
  let lastPause = performance.now();

  for await (const batch of data.batches(0, 0)) {
    signal?.throwIfAborted();
    checkBatch('evaluate', batch, model.inputs[0]!.shape, names.length);
    if (batch.mixed) {
      throw new Error(
        'evaluate: `data` must give whole images, received mixed ones; leave mixup and cutmix out',
      );
    }
    const { loss, predictions } = await judge(judged, batch);
    lossSum += loss * batch.labels.length;
    count += batch.labels.length;
    predictions.forEach((prediction, i) => {
      confusion[batch.labels[i]!]![prediction]! += 1;
    });
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
  return { loss: lossSum / count, accuracy: correct / count, count, perClass, confusion };
}

/** Loss and predictions of a batch. */
function judgement(model: tfl.LayersModel, mirror: boolean): Traced {
  return traced((images, labels) => {
    const plain = logitsOf(model, images!, false);
    const logits = mirror
      ? tf.div<tf.Tensor2D>(tf.add(plain, logitsOf(model, tf.reverse(images!, 2), false)), 2)
      : plain;
    return [softmaxCrossEntropy(logits, labels as tf.Tensor1D, 0), tf.argMax(logits, 1)];
  });
}

async function judge(judged: Traced, batch: Batch) {
  const [loss, predictions] = tf.tidy(() =>
    judged.call([tf.tensor4d(batch.images, [...batch.shape]), tf.tensor1d(batch.labels, 'int32')]),
  ) as [tf.Scalar, tf.Tensor1D];
  try {
    return { loss: (await loss.data())[0]!, predictions: (await predictions.data()) as Int32Array };
  } finally {
    tf.dispose([loss, predictions]);
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
