import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from '@xcp/layers';
import { xception } from '@xcp/xception';
import { images, labels, weight } from './formula.mjs';
import { summarize } from './summary.mjs';

const LEARNING_RATE = 0.001;

/** Our network for a case, with the weights by formula. */
export function build({ config, size, classes }) {
  const model = xception({ ...config, inputShape: [size, size, 3], classes });
  for (const { name, variable } of weightsOf(model)) {
    const values = weight(...name.split('/'), variable.shape);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  return model;
}

/** The logits of a network for a case's images, `seed` being that of the fixture. */
export function predict(model, { size, batch }, seed) {
  return tf.tidy(() => model.predict(imagesTensor(batch, size, seed)).arraySync());
}

/** What our network gives for a case on the current backend, in the form of the fixtures. */
export function run(case_, seed) {
  const { size, batch, classes, training } = case_;
  const model = build(case_);
  const result = { logits: predict(model, case_, seed) };
  if (training) {
    const x = imagesTensor(batch, size, seed);
    Object.assign(result, step(model, x, labels(batch, classes)));
    x.dispose();
    result.logitsAfter = predict(model, case_, seed);
  }
  model.dispose();
  return result;
}

const imagesTensor = (batch, size, seed) => tf.tensor4d(images(batch, size, seed), [batch, size, size, 3]);

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
