import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { LabeledImages } from '@xcp/cifar10';
import type { Batch, BatchSource } from '@xcp/trainer';
import { gradCamOverlay } from '../figures/grad-cam-overlay';
import { dataUri, type RgbImage } from '../figures/png';
import type { Mistake } from './mistake';

interface Tested {
  model: tfl.LayersModel;
  /** The test images as the network takes them, in their order. */
  data: BatchSource;
  /** The same images as they are. */
  images: LabeledImages;
  classes: readonly string[];
}

interface Wrong {
  index: number;
  label: number;
  prediction: number;
  probability: number;
  /** As the network takes it. */
  input: Float32Array;
  shape: [number, number, number];
}

/** The images that the network is surest of and wrong about, the worst first, each with what spoke for its answer. */
export async function worstMistakes(tested: Tested, count = 12, signal?: AbortSignal): Promise<Mistake[]> {
  const { model, data, images, classes } = tested;
  let worst: Wrong[] = [];
  let seen = 0;
  for await (const batch of data.batches(0, 0)) {
    signal?.throwIfAborted();
    const probabilities = tf.tidy(() =>
      tf.softmax(model.predict(tf.tensor4d(batch.images, [...batch.shape])) as tf.Tensor2D),
    );
    const values = await probabilities.data().finally(() => probabilities.dispose());
    worst = [...worst, ...wrongOnes(batch, values, seen)]
      .sort((a, b) => b.probability - a.probability || a.index - b.index)
      .slice(0, count);
    seen += batch.labels.length;
  }
  const told: Mistake[] = [];
  for (const wrong of worst) {
    const image = picture(images, wrong.index);
    const input = tf.tensor3d(wrong.input, wrong.shape);
    told.push({
      index: wrong.index,
      label: classes[wrong.label]!,
      prediction: classes[wrong.prediction]!,
      probability: wrong.probability,
      image: dataUri(image),
      heat: dataUri(await gradCamOverlay(model, input, wrong.prediction, image)),
    });
    input.dispose();
  }
  return told;
}

function wrongOnes({ images, labels, shape }: Batch, probabilities: tf.TypedArray, before: number): Wrong[] {
  const classes = probabilities.length / labels.length;
  const size = images.length / labels.length;
  return [...labels].flatMap((label, i) => {
    const row = [...probabilities.subarray(i * classes, (i + 1) * classes)];
    const probability = Math.max(...row);
    const prediction = row.indexOf(probability);
    if (prediction === label) return [];
    // Copied, for the source may write the next batch into the same memory.
    const input = images.slice(i * size, (i + 1) * size);
    return [
      { index: before + i, label, prediction, probability, input, shape: [shape[1], shape[2], shape[3]] },
    ];
  });
}

function picture({ images, height, width, channels }: LabeledImages, index: number): RgbImage {
  const size = height * width * channels;
  return { width, height, data: images.slice(index * size, (index + 1) * size) };
}
