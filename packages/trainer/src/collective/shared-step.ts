import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { withSynchronizedBatchNorm } from '@xcp/layers';
import { type Batch, checkBatch } from '../batch';
import { type BatchGradients, gradientFunction } from '../gradients/batch-gradients';
import { type Clipping, clip, clips, noClipping } from '../gradients/clip';
import { drawNumber } from '../gradients/micro-batches';
import { cleanUpAfterFailure } from '../memory/clean-up';
import { isOutOfMemory, StepOutOfMemory } from '../memory/out-of-memory';
import { movingStatistics } from '../memory/statistics';
import { classesOf, setTrainingStep } from '../model';
import type { Optimizer } from '../optimizers/optimizer';
import type { Parameter } from '../optimizers/parameters';
import { applyConstraints } from '../train-step';
import type { Collective } from './collective';
import { shareBatch } from './share';
import { sumGradients } from './sum-gradients';

export interface SharedStep {
  /**
   * One step of all ranks on a batch that they share, as that of `trainStep`: every rank is given the whole batch, and
   * has the same weights and figures afterwards.
   *
   * @throws `StepOutOfMemory` on every rank, with the model as it was, if one had no memory for so many images at a time.
   */
  take(batch: Batch, learningRate: number, step: number, microBatchSize: number): Promise<tf.Tensor2D>;
  dispose(): void;
}

interface SharedStepOptions {
  labelSmoothing: number;
  clipping: Clipping;
  /** Whether batch norm takes its statistics over the batch of all ranks. */
  syncBatchNorm: boolean;
}

/** Training steps in which each rank computes the gradients of its share of a batch. */
export function sharedStep(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  collective: Collective,
  { labelSmoothing, clipping, syncBatchNorm }: SharedStepOptions,
): SharedStep {
  const classes = classesOf(model);
  const statistics = movingStatistics(model);
  // An exchange in the middle of a pass is nothing that an engine could run again by itself.
  const options = { trace: !syncBatchNorm };
  const gradients = gradientFunction(model, parameters, labelSmoothing, noClipping, options);
  const { rank, size } = collective;

  function ownGradients(batch: Batch, stepsDone: number, microBatchSize: number): BatchGradients {
    const total = batch.labels.length;
    const own = shareBatch(batch, collective);
    const share = { total, drawNumber: (i: number) => drawNumber(stepsDone, i * size + rank) };
    if (!syncBatchNorm) {
      return own.labels.length > 0 ? gradients.of(own, stepsDone, microBatchSize, share) : noGradients();
    }
    // A rank without images takes part in the exchanges all the same, with one that weighs nothing.
    const weight = Math.min(1, own.labels.length);
    const images = weight > 0 ? own : blankImage(batch);
    const allReduce = (values: Float64Array) => collective.allReduceSync!(values);
    return withSynchronizedBatchNorm({ allReduce, weight }, () =>
      gradients.of(images, stepsDone, microBatchSize, { ...share, weight }),
    );
  }

  const noGradients = (): BatchGradients => ({
    figures: [tf.scalar(0), tf.scalar(0)],
    gradients: parameters.map(({ variable }) => tf.zerosLike(variable)),
  });

  /** Loss, correct answers and moving statistics over all ranks; null where one had no memory. */
  async function exchange(own: BatchGradients | null, share: number) {
    const moved = syncBatchNorm ? null : statistics.save();
    const values = tf.tidy(() => {
      const flat = moved ? [tf.mul(moved, own ? share : 0)] : [];
      // Of an image that stands in for none the answer does not count, as its loss does not.
      const figures = own ? tf.mul(tf.stack(own.figures), Math.sign(share)) : tf.zeros([2]);
      return tf.concat([tf.tensor1d([own ? 0 : 1]), figures as tf.Tensor1D, ...flat]);
    });
    moved?.dispose();
    const sums = Float32Array.from(await values.data());
    values.dispose();
    await collective.allReduce(sums, 'sum');
    return sums[0]! > 0 ? null : { figures: sums.subarray(1, 3), moved: moved && sums.subarray(3) };
  }

  return {
    async take(batch, learningRate, step, microBatchSize) {
      checkBatch('train', batch, model.inputs[0]!.shape, classes, { mayBeResized: true, ranks: size });
      const before = statistics.save();
      let own: BatchGradients | null = null;
      let failure: Error | null = null;
      try {
        try {
          own = tf.tidy(() => ({ ...ownGradients(batch, step - 1, microBatchSize) }));
        } catch (error) {
          // In the midst of its exchanges the others cannot be told.
          if (syncBatchNorm || !isOutOfMemory(error)) throw error;
          failure = error;
          gradients.dispose();
          cleanUpAfterFailure();
        }
        const ownImages = shareBatch(batch, collective).labels.length;
        const all = await exchange(own, ownImages / batch.labels.length);
        if (!all || !own) {
          gradients.dispose();
          statistics.restore(before);
          throw new StepOutOfMemory(failure ?? new Error('another rank had no memory for its images'));
        }
        if (all.moved) {
          const { moved } = all;
          tf.tidy(() => statistics.restore(tf.tensor1d(moved)));
        }
        const sums = await sumGradients(collective, own.gradients);
        return tf.tidy(() => {
          const figures = Array.from(all.figures, (value) => tf.scalar(value));
          let moves = sums();
          if (clips(clipping)) {
            const clipped = clip(moves, clipping);
            figures.push(clipped.norm as tf.Scalar);
            moves = clipped.gradients;
          }
          optimizer.apply(moves, learningRate, step);
          applyConstraints(parameters);
          return tf.reshape(tf.stack(figures), [1, figures.length]) as tf.Tensor2D;
        });
      } finally {
        before?.dispose();
        if (own) tf.dispose([...own.figures, ...own.gradients]);
        setTrainingStep(model, step);
      }
    },
    dispose() {
      gradients.dispose();
      statistics.dispose();
    },
  };
}

/** An image that stands in for none, of the size of those of a batch. */
function blankImage({ shape: [, height, width, channels] }: Batch): Batch {
  return {
    images: new Float32Array(height * width * channels),
    shape: [1, height, width, channels],
    labels: new Int32Array(1),
  };
}
