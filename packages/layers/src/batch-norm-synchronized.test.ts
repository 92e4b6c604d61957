import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { withSynchronizedBatchNorm } from './batch-norm-synchronized';
import { batchNormTrain } from './batch-norm-train';
import { expectClose, expectNoLeak, wave } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

const options = { momentum: 0.9, epsilon: 1e-3 };
/** y, the gradients by x, gamma and beta, and the moving statistics. */
function run(x: tf.Tensor, dy: tf.Tensor, relu: boolean, unbiasedVariance = false) {
  const moving = [tf.variable(tf.zeros([3])), tf.variable(tf.ones([3]))] as const;
  const op = (...[x, gamma, beta]: tf.Tensor[]) =>
    batchNormTrain(x!, gamma!, beta!, ...moving, { ...options, relu, unbiasedVariance });
  const { value, grads } = tf.valueAndGrads(op)([x, wave([3], 1), wave([3], 2)], dy);
  return { y: value, dx: grads[0]!, dgamma: grads[1]!, dbeta: grads[2]!, moving };
}

/**
 * What the images of all ranks but the first come to is told to the first, message by message: they are run first, each
 * with the messages of the others, until none of them changes any more.
 */
function runTogether(xs: tf.Tensor[], dys: tf.Tensor[], relu: boolean, weights = xs.map(() => 1)) {
  let messages: Float64Array[][] = xs.map(() => []);
  let results: ReturnType<typeof run>[] = [];
  // The second message depends on the sum of the first.
  for (let round = 0; round < 3; round++) {
    const next: Float64Array[][] = [];
    results = xs.map((x, rank) => {
      const own: Float64Array[] = [];
      next.push(own);
      const allReduce = (values: Float64Array) => {
        const n = own.push(values.slice()) - 1;
        messages.forEach((others, other) => {
          if (other === rank) return;
          others[n]?.forEach((value, i) => {
            values[i]! += value;
          });
        });
      };
      return withSynchronizedBatchNorm({ allReduce, weight: weights[rank]! }, () =>
        run(x, tf.mul(dys[rank]!, weights[rank]!), relu, relu),
      );
    });
    messages = next;
  }
  return results;
}

describe.each([false, true])('synchronized batch norm, relu %s', (relu) => {
  const x = wave([5, 2, 2, 3], 0.3);
  const dy = wave([5, 2, 2, 3], 0.7);
  const cut = (t: tf.Tensor, begin: number, size: number) => tf.slice(t, [begin, 0, 0, 0], [size, 2, 2, 3]);

  it('of an uneven batch in two parts is that of the whole batch', () => {
    const whole = run(x, dy, relu, relu);
    const parts = runTogether([cut(x, 0, 2), cut(x, 2, 3)], [cut(dy, 0, 2), cut(dy, 2, 3)], relu);
    expectClose(tf.concat(parts.map(({ y }) => y)), whole.y, 1e-5);
    expectClose(tf.concat(parts.map(({ dx }) => dx)), whole.dx, 1e-5);
    expectClose(tf.addN(parts.map(({ dgamma }) => dgamma)), whole.dgamma, 1e-5);
    expectClose(tf.addN(parts.map(({ dbeta }) => dbeta)), whole.dbeta, 1e-5);
    for (const { moving } of parts) {
      for (const i of [0, 1]) expectClose(moving[i]!, whole.moving[i]!, 1e-6);
    }
  });

  it('an image that weighs nothing changes nothing', () => {
    const whole = run(x, dy, relu, relu);
    const [all, none] = runTogether([x, cut(x, 1, 1)], [dy, cut(dy, 1, 1)], relu, [1, 0]);
    expectClose(all!.y, whole.y, 1e-5);
    expectClose(all!.dx, whole.dx, 1e-5);
    expectClose(none!.dx, tf.zeros([1, 2, 2, 3]), 1e-12);
    expectClose(none!.dgamma, tf.zeros([3]), 1e-12);
    expectClose(none!.moving[1], whole.moving[1], 1e-6);
  });

  it('leaves no tensor behind', () => {
    const moving = [tf.variable(tf.zeros([3])), tf.variable(tf.ones([3]))] as const;
    const inputs = [x, wave([3], 1), wave([3], 2)];
    const op = (...[x, gamma, beta]: tf.Tensor[]) =>
      batchNormTrain(x!, gamma!, beta!, ...moving, { ...options, relu });
    const together = () =>
      withSynchronizedBatchNorm({ allReduce: () => {} }, () => tf.dispose(tf.grads(op)(inputs, dy)));
    together();
    expectNoLeak(together);
  });
});
