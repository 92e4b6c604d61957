import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { backendStatus } from '@xcp/backend';
import { batchNormalization, separableConv2d } from '@xcp/layers';
import { type BatchSource, type OptimizerConfig, train } from '@xcp/trainer';
import { describe, expect, it } from 'vitest';

interface Curve {
  name: 'sgd' | 'adam';
  learningRate: number;
  nesterov?: boolean;
  weightDecay: number;
  float32: number[];
  float64: number[];
}

const { curves } = JSON.parse(
  readFileSync(new URL('fixtures/loss-curves.json', import.meta.url), 'utf8'),
) as { curves: Curve[] };

const [batchSize, side, classes] = [8, 8, 4];
const { available } = backendStatus();

/** As `noise` of generate-loss-curves.py, to the bit. */
function noise(seed: number, count: number): number[] {
  const m = 2147483647;
  return Array.from({ length: count }, (_, i) => {
    let x = (seed * 7919 + i + 1) % m;
    for (let round = 0; round < 3; round++) {
      x = (x * 48271 + 11) % m;
      x ^= x >> 13;
    }
    return (2 * x) / 2 ** 31 - 1;
  });
}

const data: BatchSource = {
  size: 5 * batchSize,
  stepsPerEpoch: 5,
  *batches(_, startStep) {
    for (let step = startStep; step < 5; step++) {
      const labels = Int32Array.from({ length: batchSize }, (_, i) => (step + i) % classes);
      const images = Float32Array.from(noise(100 + step, batchSize * side * side * 2));
      labels.forEach((label, n) => {
        // The first channel of two rows is brighter: which ones tells the class.
        for (let pixel = 2 * label * side; pixel < (2 * label + 2) * side; pixel++) {
          images[(n * side * side + pixel) * 2]! += 0.5;
        }
      });
      yield { images, labels, shape: [batchSize, side, side, 2] };
    }
  },
};

function network(): tfl.LayersModel {
  const separable = (filters: number, name: string) =>
    separableConv2d({ name, filters, kernelSize: 3, padding: 'same', useBias: false });
  const normalized = (name: string) => batchNormalization({ name, epsilon: 1e-3, activation: 'relu' });
  const x = tfl.input({ shape: [side, side, 2] });
  const layers = [
    ...[separable(8, 'conv1'), normalized('bn1'), separable(12, 'conv2'), normalized('bn2')],
    ...[tfl.layers.globalAveragePooling2d({}), tfl.layers.dense({ name: 'logits', units: classes })],
  ];
  const y = layers.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, x);
  const model = tfl.model({ inputs: x, outputs: y });
  const initial: Record<string, [seed: number, scale: number]> = {
    'conv1/depthwise_kernel': [10, 0.5],
    'conv2/depthwise_kernel': [11, 0.5],
    'conv1/pointwise_kernel': [20, 0.8],
    'conv2/pointwise_kernel': [21, 0.8],
    'logits/kernel': [30, 0.5],
  };
  const found = model.weights.filter((weight) => weight.originalName in initial);
  expect(found).toHaveLength(5);
  for (const weight of found) {
    const [seed, scale] = initial[weight.originalName]!;
    const shape = weight.shape as number[];
    const values = noise(seed, tf.util.sizeFromShape(shape)).map((value) => value * scale);
    const tensor = tf.tensor(values, shape);
    weight.write(tensor);
    tensor.dispose();
  }
  return model;
}

async function lossesOf({ name, learningRate, nesterov, weightDecay }: Curve): Promise<number[]> {
  const model = network();
  const losses: number[] = [];
  const optimizer = { name, weightDecay, ...(nesterov && { nesterov }) } as OptimizerConfig;
  const schedule = { name: 'constant', learningRate } as const;
  const config = { epochs: 40, optimizer, schedule, logEverySteps: 1 };
  await train({
    model,
    trainData: data,
    config,
    callbacks: [{ onLog: ({ loss }) => void losses.push(loss) }],
  });
  model.dispose();
  return losses;
}

describe.each(['cpu', 'xcp'])('loss curves on %s', (engine) => {
  it.runIf(engine === 'cpu' || available)(
    'follow those of PyTorch over 200 steps, within what rounding comes to',
    async () => {
      await tf.setBackend(engine);
      for (const curve of curves) {
        const losses = await lossesOf(curve);
        expect(losses).toHaveLength(200);
        let parted = 0;
        losses.forEach((loss, i) => {
          // How far PyTorch's own float32 has come from its float64, with room for another order of sums.
          parted = Math.max(parted, Math.abs(curve.float32[i]! - curve.float64[i]!));
          const distance = Math.abs(loss - curve.float64[i]!);
          expect(distance, `${curve.name}, step ${i + 1}`).toBeLessThan(2 * parted + 1e-6);
        });
        expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
      }
    },
    120_000,
  );
});
