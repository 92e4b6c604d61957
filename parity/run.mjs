import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from '@xcp/trainer';
import { xception } from '@xcp/xception';
import { images, labels, weight } from './formula.mjs';
import { summarize } from './summary.mjs';

const LEARNING_RATE = 0.001;

/** What our network gives for a case on the current backend, in the form of the fixtures. */
export function run({ config, size, batch, classes, training }, seed) {
  const model = xception({ ...config, inputShape: [size, size, 3], classes });
  for (const { name, variable } of weightsOf(model)) {
    const values = weight(...name.split('/'), variable.shape);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  const x = tf.tensor4d(images(batch, size, seed), [batch, size, size, 3]);
  const logits = () => tf.tidy(() => model.predict(x).arraySync());
  const result = { logits: logits() };
  if (training) {
    Object.assign(result, step(model, x, labels(batch, classes)));
    result.logitsAfter = logits();
  }
  model.dispose();
  x.dispose();
  return result;
}

/** One step of gradient descent on the whole batch. */
function step(model, x, labels) {
  const weights = weightsOf(model);
  const trainable = weights.filter(({ trainable }) => trainable);
  const untrained = weights.filter(({ trainable }) => !trainable);
  return tf.tidy(() => {
    const y = tf.tensor1d(labels, 'int32');
    const { value: loss, grads } = tf.variableGrads(
      () => softmaxCrossEntropy(model.apply(x, { training: true }), y, 0),
      trainable.map(({ variable }) => variable),
    );
    const gradients = trainable.map(({ name, variable }) => [name, grads[variable.name]]);
    const statistics = untrained.map(({ name, variable }) => [name, variable]);
    for (const { variable } of trainable) {
      variable.assign(tf.sub(variable, tf.mul(grads[variable.name], LEARNING_RATE)));
    }
    return { loss: loss.arraySync(), gradients: summaries(gradients), statistics: summaries(statistics) };
  });
}

const summaries = (tensors) =>
  Object.fromEntries(tensors.map(([name, tensor]) => [name, summarize(name, tensor.dataSync())]));

/** Every weight once, named `block1_conv1/kernel`. */
function weightsOf(model) {
  return model.layers.flatMap((layer) =>
    layer.weights.map((w) => ({
      name: `${layer.name}/${w.originalName.split('/').at(-1)}`,
      variable: w.read(),
      trainable: w.trainable,
    })),
  );
}
