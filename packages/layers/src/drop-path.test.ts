import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { dropPath } from './drop-path';
import { expectClose, expectNoLeak, wave } from './test-tools';
import { setTrainingStep } from './training-step';

beforeAll(() => tf.setBackend('cpu'));

const training = { training: true };
const shapes = [[40], [40, 3], [40, 2, 2, 3]];

/** What each example is multiplied by; the same for all of its values. */
function factors(y: tf.Tensor, x: tf.Tensor): number[] {
  const size = x.size / 40;
  const quotients = Array.from(tf.div(y, x).dataSync());
  return Array.from({ length: 40 }, (_, i) => {
    const own = quotients.slice(i * size, (i + 1) * size);
    expectClose(own, new Array(size).fill(own[0]));
    return own[0]!;
  });
}

it.each(shapes)('drops whole examples of [%j, …] and scales the others', (...shape) => {
  const x = tf.add(tf.abs(wave(shape)), 1);
  const kept = factors(dropPath({ rate: 0.2, seed: 4 }).apply(x, training) as tf.Tensor, x);
  const values = new Set(kept.map((factor) => Math.round(factor * 1e4) / 1e4));
  expect(values).toEqual(new Set([0, 1.25]));
});

it('passes everything through when not training or at rate 0', () => {
  const x = wave([3, 2]);
  expectClose(dropPath({ rate: 0.9, seed: 1 }).apply(x) as tf.Tensor, x, 1e-9);
  expectClose(dropPath({ rate: 0, seed: 1 }).apply(x, training) as tf.Tensor, x, 1e-9);
});

it('leaves the shortcut to those that are dropped, with the gradient to match', () => {
  const x = tf.add(tf.abs(wave([40, 3])), 1);
  const layer = dropPath({ rate: 0.5, seed: 2 });
  const block = (v: tf.Tensor) => {
    layer.setStep(3);
    return tf.add(layer.apply(tf.mul(v, 10), training) as tf.Tensor, v);
  };
  const kept = factors(tf.sub(block(x), x), tf.mul(x, 10));
  const expected = kept.flatMap((factor) => new Array(3).fill(1 + 10 * factor));
  expectClose(tf.grad(block)(x), expected);
});

it('drops by seed, step and call, and by nothing else', () => {
  const layer = dropPath({ rate: 0.5, seed: 1, inputShape: [1] });
  const model = tfl.sequential({ layers: [tfl.sequential({ layers: [layer] })] });
  const run = (step: number | tf.Scalar) => {
    setTrainingStep(model, step);
    return [0, 1].map(() => Array.from((layer.apply(tf.ones([40, 1]), training) as tf.Tensor).dataSync()));
  };
  const first = run(7);
  expect(first[0]).not.toEqual(first[1]);
  expect(run(8)[0]).not.toEqual(first[0]);
  expect(run(tf.scalar(7, 'int32'))).toEqual(first);
});

it('is saved and loaded, and holds on to no tensor', async () => {
  const layer = dropPath({ rate: 0.5, seed: 9, inputShape: [2] });
  const model = tfl.sequential({ layers: [layer] });
  const copy = await tfl.models.modelFromJSON(JSON.parse(model.toJSON() as string));
  expect(copy.layers[0]!.getConfig()).toEqual(layer.getConfig());
  const x = tf.ones([3, 2]);
  expectNoLeak(() => (layer.apply(x, training) as tf.Tensor).dispose());
  expectNoLeak(() =>
    tf
      .grad((v) => layer.apply(v, training) as tf.Tensor)(x)
      .dispose(),
  );
});

it.each([
  [{ rate: 1, seed: 1 }, 'dropPath: `rate` must be at least 0 and below 1, received 1'],
  [{ rate: 0.5, seed: -1 }, 'dropPath: `seed` must be a whole number of at least 0, received -1'],
  [{ rate: 0.5, sed: 1 }, 'dropPath: unknown argument `sed`; did you mean `seed`?'],
])('rejects %j', (args, message) => {
  expect(() => dropPath(args as never)).toThrow(message);
});

it.each([
  [-1, 'received -1'],
  [0.5, 'received 0.5'],
  ['7', "received '7'"],
  [tf.scalar(7), 'received float32 []'],
  [tf.tensor1d([1, 2], 'int32'), 'received int32 [2]'],
])('setTrainingStep rejects %s', (step, message) => {
  const model = tfl.sequential({ layers: [dropPath({ rate: 0.5, seed: 1, inputShape: [1] })] });
  expect(() => setTrainingStep(model, step as number)).toThrow(
    `setTrainingStep: \`step\` must be a whole number of at least 0, or a scalar int32 tensor, ${message}`,
  );
});
