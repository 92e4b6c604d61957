import * as tf from '@tensorflow/tfjs-core';
import { type BatchNormEngine, move, rows } from './batch-norm-engine';

/** How the processes that train one batch together take the statistics of all of it. */
export interface StatisticsExchange {
  /** Replaces each value by its sum over all processes, and returns when that is done. */
  allReduce(values: Float64Array): void;
  /** What this process's images weigh: 0 where they only stand in for a part of the batch that is empty. Default 1. */
  weight?: number;
}

let current: StatisticsExchange | null = null;

/**
 * Runs `work`, in which `batchNormTrain` and the layers made of it normalize by the statistics of a batch that lies in
 * several processes, in both directions: what PyTorch's SyncBatchNorm does.
 *
 * Every process must run the same network, for the exchanges come one after another. Gradients of gamma and beta are
 * those of this process's images, to be summed like all others.
 *
 * @example withSynchronizedBatchNorm({ allReduce }, () => tf.variableGrads(loss));
 * @see torch.nn.SyncBatchNorm
 */
export function withSynchronizedBatchNorm<T>(exchange: StatisticsExchange, work: () => T): T {
  const before = current;
  current = exchange;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Batch normalization over several processes, where it is asked for; else null. */
export function synchronizedBatchNorm(): BatchNormEngine | null {
  return current && engineOf(current);
}

function engineOf({ allReduce, weight = 1 }: StatisticsExchange): BatchNormEngine {
  return {
    forward(call) {
      const { x, gamma, beta, epsilon, relu } = call;
      const channels = x.shape.at(-1)!;
      const local = tf.moments(rows(x), 0);
      const [means, variances] = [local.mean.dataSync(), local.variance.dataSync()];
      // In double precision, in which the difference of squares below loses nothing of float32.
      const count = weight * rows(x).shape[0];
      const sums = new Float64Array(2 * channels + 1);
      for (let c = 0; c < channels; c++) {
        sums[c] = count * means[c]!;
        sums[channels + c] = count * (variances[c]! + means[c]! ** 2);
      }
      sums[2 * channels] = count;
      allReduce(sums);
      const total = sums[2 * channels]!;
      const meanOf = (c: number) => sums[c]! / total;
      const mean = tf.tensor1d(Float32Array.from({ length: channels }, (_, c) => meanOf(c)));
      const squares = Float32Array.from({ length: channels }, (_, c) =>
        Math.max(0, sums[channels + c]! / total - meanOf(c) ** 2),
      );
      const variance = tf.tensor1d(squares);
      const vectors = [mean, variance, beta, gamma] as tf.Tensor1D[];
      const normalized = tf.batchNorm(rows(x), vectors[0]!, vectors[1]!, vectors[2]!, vectors[3]!, epsilon);
      move(call, mean, variance, total);
      const linear = tf.reshape(normalized, x.shape);
      const y = relu ? tf.relu(linear) : linear;
      const saved = [mean, tf.rsqrt(tf.add(variance, epsilon)), tf.scalar(total), ...(relu ? [y] : [])];
      return { y, saved };
    },

    gradient(dy, x, gamma, saved, { relu }) {
      const [mean, invStd, total, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
      return tf.tidy(() => {
        const dyRows = rows(relu ? tf.mul(dy, tf.step(y!)) : dy);
        const normalized = tf.mul(tf.sub(rows(x), mean), invStd);
        const dbeta = tf.sum(dyRows, 0);
        const dgamma = tf.sum(tf.mul(dyRows, normalized), 0);
        const sums = Float64Array.from([...dbeta.dataSync(), ...dgamma.dataSync()]);
        allReduce(sums);
        const channels = dbeta.size;
        const allBeta = tf.tensor1d(Float32Array.from(sums.subarray(0, channels)));
        const allGamma = tf.tensor1d(Float32Array.from(sums.subarray(channels)));
        const common = tf.add(tf.div(allBeta, total), tf.mul(normalized, tf.div(allGamma, total)));
        const dx = tf.mul(tf.sub(dyRows, common), tf.mul(gamma, invStd));
        // Of images that weigh nothing no gradient comes, though the statistics reach them.
        return [tf.mul(tf.reshape(dx, x.shape), weight), dgamma, dbeta];
      });
    },
  };
}
