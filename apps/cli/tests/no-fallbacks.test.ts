import * as tf from '@tensorflow/tfjs-core';
import { backendStatus, type XcpBackend } from '@xcp/backend';
import { type BatchSource, evaluate, type OptimizerConfig, type TrainConfig, train } from '@xcp/trainer';
import { type XceptionConfig, xception, xceptionVariants } from '@xcp/xception';
import { expect, it } from 'vitest';

const { available } = backendStatus();

/** Two images a batch, two batches, no end of epochs. */
function source([height, width, channels]: readonly [number, number, number]): BatchSource {
  const size = 2 * height * width * channels;
  const batch = {
    images: Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
    labels: Int32Array.of(1, 3),
    shape: [2, height, width, channels] as [number, number, number, number],
  };
  return {
    size: 4,
    stepsPerEpoch: 2,
    *batches(_epoch, startStep) {
      for (let step = startStep; step < 2; step++) yield batch;
    },
  };
}

const sgd: OptimizerConfig = { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 };

const cases: {
  title: string;
  config: XceptionConfig;
  optimizer: OptimizerConfig;
  bounds: Partial<TrainConfig>;
}[] = [
  {
    title: 'full, 71 × 71',
    config: { ...xceptionVariants.keras, inputShape: [71, 71, 3] },
    optimizer: sgd,
    bounds: { clipNorm: 1, microBatchSize: 1 },
  },
  {
    title: 'slim, whitened with a bias, from identities',
    config: {
      ...xceptionVariants.slim,
      stem: {
        filters: [24, 32],
        strides: [1, 2],
        padding: 'same',
        kernelSizes: [2, 3],
        whiten: true,
        bias: true,
      },
      kernelInitializer: 'identity',
      residualGammaInitializer: 'zeros',
    },
    optimizer: sgd,
    bounds: {},
  },
  { title: 'slim', config: xceptionVariants.slim, optimizer: { name: 'adam' }, bounds: { clipValue: 0.1 } },
];

it.skipIf(!available).each(cases)(
  'runs no kernel of $title through the fallback',
  async ({ config, optimizer, bounds }) => {
    await tf.setBackend('xcp');
    const { fallbacks } = tf.backend() as XcpBackend;
    fallbacks.clear();
    const model = xception({ ...config, classes: 10, seed: 1 });
    const data = source(model.inputs[0]!.shape.slice(1) as [number, number, number]);
    const result = await train({
      model,
      trainData: data,
      validationData: data,
      config: { epochs: 1, optimizer, labelSmoothing: 0.1, ...bounds },
    });
    expect(result.step).toBe(2);
    await evaluate({ model, data, views: { mirror: true, shift: 1 } });
    tf.dispose(tf.tidy(() => model.predict(tf.zeros([1, ...(model.inputs[0]!.shape.slice(1) as number[])]))));
    model.dispose();
    expect([...fallbacks]).toEqual([]);
  },
);
