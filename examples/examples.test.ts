import { readFile, rm } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { loadCifar10 } from '@xcp/cifar10/node';
import { decode } from 'fast-png';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import golden from '../packages/xception/fixtures/weights/pytorch.json';

it('build-xception counts the parameters of the paper', async () => {
  const { fullParameters, logitsShape } = await import('./build-xception');
  expect(fullParameters).toBe(20_881_970);
  expect(logitsShape).toEqual([1, 10]);
});

it('pytorch-to-onnx gives in onnxruntime what PyTorch gives', async () => {
  const { path, report } = await import('./pytorch-to-onnx');
  expect(report).toMatchObject({ names: 'timm', replaced: [] });
  const session = await InferenceSession.create(path);
  const values = Float32Array.from({ length: 3 * 39 * 39 }, (_, i) => {
    const [channel, place] = [Math.floor(i / (39 * 39)), i % (39 * 39)];
    return Math.sin((place * 3 + channel) * 0.37);
  });
  const { predictions } = await session.run({ input_layer: new Tensor('float32', values, [1, 3, 39, 39]) });
  golden.logits[0]!.forEach((logit, i) => {
    expect(Number(predictions!.data[i])).toBeCloseTo(logit, 4);
  });
  await rm(path);
});

const engine = backendStatus();
if (!engine.available) console.warn(`skipped: examples that train: ${engine.reason}`);

it.skipIf(!engine.available)('transfer-learning trains the classifier, then the last blocks', async () => {
  const { accuracy, replaced, trainedAtFirst, trainedAtLast } = await import('./transfer-learning');
  expect(replaced).toEqual(['predictions/kernel', 'predictions/bias']);
  expect(trainedAtFirst).toBe(256 * 3 + 3);
  expect(trainedAtLast).toBeGreaterThan(10 * trainedAtFirst);
  // A third is guessing.
  expect(accuracy).toBeGreaterThan(0.9);
});

it.skipIf(!engine.available)('feature-extraction tells four textures apart, all of them new', async () => {
  const { accuracies } = await import('./feature-extraction');
  expect(accuracies).toHaveLength(4);
  // A quarter is guessing.
  for (const accuracy of accuracies) expect(accuracy).toBeGreaterThan(0.8);
});

it.skipIf(!engine.available)(
  'watch-training stops early with its best weights and tells what it saw',
  { timeout: 60_000 },
  async () => {
    const { folder, history, stopped, found, best, averaged } = await import('./watch-training');
    expect(stopped).toBe('early');
    expect(best.accuracy).toBe(Math.max(...history.map(({ validation }) => validation!.accuracy)));
    // A half is guessing.
    expect(best.accuracy).toBeGreaterThan(0.9);
    expect(averaged.accuracy).toBeGreaterThan(0.9);
    expect(found.map(({ kind }) => kind)).not.toContain('chanceLevel');
    expect((await readFile(`${folder}/epochs.csv`, 'utf8')).trimEnd().split('\n')).toHaveLength(
      history.length + 1,
    );
    await rm(folder, { recursive: true });
  },
);

const reason = await whyNotTrain();
if (reason) console.warn(`skipped: train-cifar10 and grad-cam: ${reason}`);

it.skipIf(reason)(
  'train-cifar10 takes its steps and validates every image',
  { timeout: 300_000 },
  async () => {
    const { result, validation } = await import('./train-cifar10');
    expect(result.step).toBe(20);
    expect(validation.count).toBe(1000);
    // Twenty steps are enough to be better than guessing among ten classes.
    expect(validation.accuracy).toBeGreaterThan(0.12);
  },
);

it.skipIf(reason)('grad-cam writes a picture that is warm where the network looks', async () => {
  const { best, heat, image, model, path, truth } = await import('./grad-cam');
  expect([truth, best.name]).toEqual(['cat', 'cat']);
  const ranked = Array.from(heat.dataSync()).sort((a, b) => a - b);
  const quarter = ranked.length / 4;
  /** The logit of the class where a quarter of the image is grey: the coldest or the warmest. */
  const without = (part: (heat: tf.Tensor) => tf.Tensor) =>
    tf.tidy(() => {
      const covered = tf.where(tf.expandDims(part(heat), -1), tf.zerosLike(image), image);
      return (model.predict(tf.expandDims(covered)) as tf.Tensor).dataSync()[best.index]!;
    });
  const warm = without((heat) => tf.greaterEqual(heat, ranked.at(-quarter)!));
  const cold = without((heat) => tf.lessEqual(heat, ranked[quarter - 1]!));
  expect(warm).toBeLessThan(cold - 1);
  const { width, height, channels } = decode(await readFile(path));
  expect([width, height, channels]).toEqual([256, 256, 3]);
  await rm(path);
});

async function whyNotTrain(): Promise<string | undefined> {
  const status = backendStatus();
  if (!status.available) return status.reason;
  return loadCifar10().then(
    () => undefined,
    (error: Error) => error.message,
  );
}
