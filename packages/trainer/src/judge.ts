import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { softmaxCrossEntropy } from '@xcp/layers';
import type { Batch } from './batch';
import { sliceBatch } from './gradients/micro-batches';
import { cleanUpAfterFailure } from './memory/clean-up';
import { halved, isOutOfMemory } from './memory/out-of-memory';
import { logitsOf } from './model';
import { countInTopK } from './top-k';
import { type Traced, traced } from './traced';
import { meanLogits, type ResolvedViews } from './views';

/** What a model says of some images. */
export interface Judgement extends Pick<Batch, 'images' | 'shape' | 'labels'> {
  /** Mean cross-entropy. */
  loss: number;
  /** How many labels are among the five highest logits. */
  hits: number;
  predictions: Int32Array;
  /** What it gave to each of its predictions, in 0…1. */
  probabilities: Float32Array;
}

export interface Judge {
  /** Judges a batch, in one part or, where memory is short, in several. */
  parts(batch: Batch): AsyncGenerator<Judgement>;
  dispose(): void;
}

interface JudgeOptions {
  /** Images at a time; null for all of a batch. */
  microBatchSize: number | null;
  onOutOfMemory?: (event: { microBatchSize: number; reason: string }) => void | Promise<void>;
}

export function createJudge(
  model: tfl.LayersModel,
  views: ResolvedViews,
  { microBatchSize, onOutOfMemory }: JudgeOptions,
): Judge {
  const forward = (view: tf.Tensor4D) => logitsOf(model, view, false);
  const judged = traced((images, labels) => {
    const logits = meanLogits(forward, images as tf.Tensor4D, views);
    const loss = softmaxCrossEntropy(logits, labels as tf.Tensor1D, 0);
    const probabilities = tf.max(tf.softmax(logits), 1);
    return [
      tf.stack([loss, countInTopK(logits, labels as tf.Tensor1D, 5)]),
      tf.argMax(logits, 1),
      probabilities,
    ];
  });
  let size = microBatchSize ?? Number.POSITIVE_INFINITY;

  return {
    async *parts(batch) {
      const n = batch.labels.length;
      for (let begin = 0; begin < n; ) {
        const part = sliceBatch(batch, begin, Math.min(n, begin + size));
        const judgement = await judge(judged, part).catch((error) => {
          if (!isOutOfMemory(error) || part.labels.length === 1) throw error;
          return error;
        });
        if (judgement instanceof Error) {
          // What is traced of batches of this size is of no more use.
          judged.dispose();
          cleanUpAfterFailure();
          size = halved(part.labels.length);
          await onOutOfMemory?.({ microBatchSize: size, reason: judgement.message });
        } else {
          begin += part.labels.length;
          yield judgement;
        }
      }
    },
    dispose: () => judged.dispose(),
  };
}

async function judge(judged: Traced, { images, shape, labels }: Batch): Promise<Judgement> {
  const results = tf.tidy(() => judged.call([tf.tensor4d(images, [...shape]), tf.tensor1d(labels, 'int32')]));
  try {
    const [figures, predictions, probabilities] = await Promise.all(results.map((result) => result.data()));
    return {
      images,
      shape,
      labels,
      loss: figures![0]!,
      hits: figures![1]!,
      predictions: predictions as Int32Array,
      probabilities: probabilities as Float32Array,
    };
  } finally {
    tf.dispose(results);
  }
}
