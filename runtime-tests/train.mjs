// Trains a small convolutional network on `backend` for some steps and tells how the loss fell. Knows no runtime.
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { backendStatus } from '@xcp/backend';

const SIZE = 16;
const BATCH = 32;
const STEPS = 25;

/** Images of four classes: a bright quadrant each. */
function images() {
  const values = new Float32Array(BATCH * SIZE * SIZE * 3);
  for (let i = 0; i < values.length; i++) {
    const pixel = Math.floor(i / 3) % (SIZE * SIZE);
    const quadrant = (pixel % SIZE < SIZE / 2 ? 0 : 1) + (pixel < (SIZE * SIZE) / 2 ? 0 : 2);
    const bright = quadrant === Math.floor(i / (3 * SIZE * SIZE)) % 4;
    values[i] = (bright ? 1 : 0) + 0.3 * Math.sin(i * 12.9898);
  }
  return tf.tensor4d(values, [BATCH, SIZE, SIZE, 3]);
}

export async function train(backend) {
  const status = backendStatus(backend);
  if (!(await tf.setBackend(backend))) throw new Error(`${backend} could not be initialized`);
  const seeded = (seed) => ({ kernelInitializer: layers.initializers.heNormal({ seed }) });
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({
        filters: 16,
        kernelSize: 3,
        padding: 'same',
        inputShape: [SIZE, SIZE, 3],
        ...seeded(1),
      }),
      layers.layers.reLU(),
      layers.layers.depthwiseConv2d({
        kernelSize: 3,
        padding: 'same',
        depthwiseInitializer: layers.initializers.heNormal({ seed: 4 }),
      }),
      layers.layers.maxPooling2d({ poolSize: 2 }),
      layers.layers.conv2d({ filters: 32, kernelSize: 1, activation: 'relu', ...seeded(2) }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 4, ...seeded(3) }),
    ],
  });
  const x = images();
  const labels = tf.oneHot(
    tf.tidy(() => tf.cast(tf.mod(tf.range(0, BATCH), 4), 'int32')),
    4,
  );
  const weights = model.trainableWeights.map((weight) => weight.read());
  const optimizer = tf.train.momentum(0.003, 0.9);
  const losses = [];
  const start = performance.now();
  for (let step = 0; step < STEPS; step++) {
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true })),
      true,
      weights,
    );
    losses.push((await loss.data())[0]);
    loss.dispose();
  }
  const ms = Math.round((performance.now() - start) / STEPS);
  const [first, last] = [losses[0], losses.at(-1)];
  return { ...status, first, last, learned: last < 0.5 * first, 'ms/step': ms };
}
