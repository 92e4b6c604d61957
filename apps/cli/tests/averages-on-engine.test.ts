import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { backendStatus, type XcpBackend } from '@xcp/backend';
import { type Batch, memoryStore, modelWeights, type NamedArrays, resume, train } from '@xcp/trainer';
import { xception, xceptionVariants } from '@xcp/xception';
import { describe, expect, it } from 'vitest';

const { available } = backendStatus();
const [SIDE, STEPS] = [16, 4];

const batch = (epoch: number, step: number): Batch => ({
  shape: [6, SIDE, SIDE, 3],
  labels: Int32Array.from({ length: 6 }, (_, n) => n % 3),
  images: Float32Array.from({ length: 6 * SIDE * SIDE * 3 }, (_, i) =>
    Math.sin(i * (1 + 0.1 * step) + epoch),
  ),
});
const data = {
  size: 6 * STEPS,
  stepsPerEpoch: STEPS,
  *batches(epoch: number, startStep: number) {
    for (let step = startStep; step < STEPS; step++) yield batch(epoch, step);
  },
};
const network = () =>
  xception({
    ...xceptionVariants.slim,
    inputShape: [SIDE, SIDE, 3],
    classes: 3,
    width: 0.25,
    batchNormMomentum: 0.9,
  });

const hex = (weights: NamedArrays) =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [name, Buffer.from(data.buffer).toString('hex')]),
  );

/** An average kept in double precision by a loop, beside the one that the trainer keeps. */
function naiveAverage(model: tfl.LayersModel, decay: number) {
  const variables = [...new Set(model.weights)].map(
    (weight) => [weight.originalName, weight.read()] as const,
  );
  const averages = new Map(variables.map(([name, value]) => [name, Float64Array.from(value.dataSync())]));
  return {
    averages,
    onStep({ step }: { step: number }) {
      const share = 1 - Math.min(decay, (1 + step) / (10 + step));
      for (const [name, value] of variables) {
        const average = averages.get(name)!;
        value.dataSync().forEach((x, i) => {
          average[i]! += share * (x - average[i]!);
        });
      }
    },
  };
}

describe.skipIf(!available)('averages on the engine', () => {
  it.each(['xcp', 'xcp-wasm'])(
    'are those of a loop, leave the training alone and are resumed to the bit: %s',
    async (name) => {
      await tf.setBackend(name);
      const engine = tf.backend() as XcpBackend;
      engine.fallbacks.clear();
      const [epochs, ema] = [3, { decay: 0.8 }];
      const options = { trainData: data, validationData: data };
      const plain = network();
      await train({ ...options, model: plain, config: { epochs } });

      const model = network();
      const tensors = tf.memory().numTensors;
      const naive = naiveAverage(model, ema.decay);
      const whole = await train({ ...options, model, config: { epochs, ema }, callbacks: [naive] });
      expect(tf.memory().numTensors).toBe(tensors);
      expect(hex(await modelWeights(model))).toEqual(hex(await modelWeights(plain)));
      for (const [weight, { data: received }] of Object.entries(whole.ema!.weights)) {
        naive.averages.get(weight)!.forEach((value, i) => {
          expect(Math.abs(received[i]! - value), weight).toBeLessThan(1e-5 * (1 + Math.abs(value)));
        });
      }
      expect([...engine.fallbacks.keys()]).toEqual([]);

      const store = memoryStore();
      await train({ ...options, model: network(), store, config: { epochs, ema, maxSteps: 6 } });
      const resumed = await resume({ ...options, model: network(), store, config: { maxSteps: null } });
      expect(hex(resumed.ema!.weights)).toEqual(hex(whole.ema!.weights));
      const figures = ({ history }: typeof whole) => history.map(({ seconds: _, ...rest }) => rest);
      expect(figures(resumed)).toEqual(figures(whole));
      for (const used of [plain, model]) used.dispose();
    },
  );
});
