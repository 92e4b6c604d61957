import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormTrain } from './batch-norm-train';
import { expectClose, expectNoLeak, wave } from './test-tools';

type Attr = { name: string; type: string; value: unknown };
const attrOf = (attrs: Attr[], name: string) => attrs.find((attr) => attr.name === name)!.value;
const channelSums = (x: tf.Tensor) => tf.sum(tf.reshape(x, [-1, x.shape.at(-1)!]), 0);

/**
 * tfjs-node's backend as far as batch normalization sees it: TensorFlow's two ops by their definition, on the cpu
 * backend. As on a CPU, the second reserved output is the biased variance; as everywhere, the third is for cuDNN.
 */
class NodeBackend extends MathBackendCPU {
  readonly calls: { op: string; attrs: Attr[] }[] = [];
  readonly binding = {
    TF_ATTR_TYPE: 'type',
    TF_ATTR_FLOAT: 'float',
    TF_ATTR_STRING: 'string',
    TF_ATTR_BOOL: 'bool',
    TF_FLOAT: 'float32',
  };

  executeMultipleOutputs(op: string, attrs: Attr[], inputs: tf.Tensor[], outputs: number): tf.Tensor[] {
    this.calls.push({ op, attrs });
    const run = op === 'FusedBatchNormV3' ? this.train : this.gradient;
    const results = tf.tidy(() => run(inputs, attrOf(attrs, 'epsilon') as number));
    if (results.length !== outputs) throw new Error(`${op} has ${results.length} outputs`);
    return results;
  }

  private train([x, scale, offset, ...estimates]: tf.Tensor[], epsilon: number): tf.Tensor[] {
    if (x!.rank !== 4 || estimates.some(({ size }) => size > 0)) throw new Error('FusedBatchNormV3: inputs');
    const n = x!.size / x!.shape[3]!;
    const { mean, variance } = tf.moments(x!, [0, 1, 2]);
    const normalized = tf.div(tf.sub(x!, mean), tf.sqrt(tf.add(variance, epsilon)));
    const y = tf.add(tf.mul(normalized, scale!), offset!);
    const unbiased = tf.mul(variance, n / Math.max(1, n - 1));
    return [y, mean, unbiased, tf.clone(mean), variance, tf.tensor1d([])];
  }

  private gradient([dy, x, scale, mean, variance]: tf.Tensor[], epsilon: number): tf.Tensor[] {
    if (dy!.rank !== 4 || x!.rank !== 4) throw new Error('FusedBatchNormGradV3: inputs');
    const n = x!.size / x!.shape[3]!;
    const invStd = tf.rsqrt(tf.add(variance!, epsilon));
    const normalized = tf.mul(tf.sub(x!, mean!), invStd);
    const [dbeta, dgamma] = [channelSums(dy!), channelSums(tf.mul(dy!, normalized))];
    const common = tf.add(tf.div(dbeta, n), tf.mul(normalized, tf.div(dgamma, n)));
    const dx = tf.mul(tf.sub(dy!, common), tf.mul(scale!, invStd));
    return [dx, dgamma, dbeta, tf.tensor1d([]), tf.tensor1d([])];
  }
}

let backend: NodeBackend;
beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
  }
  tf.registerBackend('tensorflow', () => {
    backend = new NodeBackend();
    return backend;
  });
});

/** y, the gradients and the moving statistics on a backend. */
async function run(
  name: string,
  shape: number[],
  relu: boolean,
  unbiasedVariance = false,
): Promise<Float32Array[]> {
  await tf.setBackend(name);
  const channels = shape.at(-1)!;
  const [x, gamma, beta, dy] = [wave(shape), wave([channels], 1), wave([channels], 2), wave(shape, 3)];
  const moving = [tf.variable(tf.zeros([channels])), tf.variable(tf.ones([channels]))] as const;
  const op = (...[x, gamma, beta]: tf.Tensor[]) =>
    batchNormTrain(x!, gamma!, beta!, ...moving, { momentum: 0.9, epsilon: 1e-2, relu, unbiasedVariance });
  const y = op(x, gamma, beta);
  const results = [y, ...tf.grads(op)([x, gamma, beta], dy), ...moving];
  expectNoLeak(() => tf.dispose(op(x, gamma, beta)));
  expectNoLeak(() => tf.dispose(tf.grads(op)([x, gamma, beta], dy)));
  return results.map((t) => t.dataSync() as Float32Array);
}

describe("TensorFlow's training op on tfjs-node", () => {
  it.each([[[3, 2, 2, 3]], [[5, 2]], [[1, 2]], [[2, 3, 2]], [[2, 1, 2, 1, 2]]])(
    'gives for %j what the composed ops give',
    async (shape) => {
      for (const relu of [false, true]) {
        const expected = await run('cpu', shape, relu, relu);
        const actual = await run('tensorflow', shape, relu, relu);
        expected.forEach((values, i) => {
          expectClose(actual[i]!, values, 1e-4);
        });
      }
    },
  );

  it('is called with the attributes of its definition', async () => {
    await run('tensorflow', [3, 2, 2, 3], false);
    for (const op of ['FusedBatchNormV3', 'FusedBatchNormGradV3']) {
      expect(backend.calls.find((call) => call.op === op)!.attrs).toEqual([
        { name: 'T', type: 'type', value: 'float32' },
        { name: 'U', type: 'type', value: 'float32' },
        { name: 'epsilon', type: 'float', value: 1e-2 },
        { name: 'data_format', type: 'string', value: 'NHWC' },
        { name: 'is_training', type: 'bool', value: true },
      ]);
    }
  });
});
