import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { backendStatus } from '@xcp/backend';
import { batchNormalization, separableConv2d } from '@xcp/layers';
import { type BatchSource, learningRateRangeTest, modelWeights, plotCurve, train } from '@xcp/trainer';
import { expect, it } from 'vitest';

const { available } = backendStatus();

const data: BatchSource = {
  size: 32,
  stepsPerEpoch: 4,
  *batches(epoch, startStep) {
    for (let step = startStep; step < 4; step++) {
      const labels = Int32Array.from({ length: 8 }, (_, n) => n % 2);
      const images = Float32Array.from(
        { length: 8 * 64 },
        (_, i) => (Math.floor(i / 64) % 2 ? i % 2 : 0.5) + 0.3 * Math.sin(i * (step + 1) + epoch),
      );
      yield { images, labels, shape: [8, 8, 8, 1] };
    }
  },
};

function network(): tfl.LayersModel {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 1 });
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        inputShape: [8, 8, 1],
        kernelInitializer,
        name: 'conv',
      }),
      batchNormalization({ name: 'bn', activation: 'relu' }),
      separableConv2d({
        name: 'separable',
        filters: 8,
        kernelSize: 3,
        depthwiseInitializer: kernelInitializer,
        pointwiseInitializer: kernelInitializer,
      }),
      tfl.layers.globalAveragePooling2d({}),
      tfl.layers.dense({ units: 2, kernelInitializer, name: 'logits' }),
    ],
  });
}

it.runIf(available)(
  'a range test on xcp leaves the weights to the bit, and training after it as it was',
  async () => {
    await tf.setBackend('xcp');
    const [tested, fresh] = [network(), network()];
    const before = await modelWeights(tested);
    const { numTensors } = tf.memory();
    for (const name of ['sgd', 'adam', 'adamw', 'rmsprop'] as const) {
      const { points, suggestions } = await learningRateRangeTest({
        model: tested,
        trainData: data,
        optimizer: { name },
        steps: 60,
      });
      expect(points.length).toBeGreaterThan(20);
      expect(
        suggestions,
        plotCurve(
          points.map(({ smoothedLoss }) => smoothedLoss),
          name,
        ),
      ).not.toBeNull();
      expect(await modelWeights(tested)).toEqual(before);
      expect(tf.memory().numTensors).toBe(numTensors);
    }
    const config = { epochs: 3, schedule: { name: 'constant', learningRate: 0.05 } } as const;
    for (const model of [tested, fresh]) await train({ model, trainData: data, config });
    expect(await modelWeights(tested)).toEqual(await modelWeights(fresh));
  },
);
