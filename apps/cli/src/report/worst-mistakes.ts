import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { LabeledImages } from '@xcp/cifar10';
import type { JudgedImages } from '@xcp/trainer';
import { gradCamOverlay } from '../figures/grad-cam-overlay';
import { dataUri, type RgbImage } from '../figures/png';
import type { Mistake } from './mistake';

interface Wrong {
  /** Its number among the images that were judged. */
  index: number;
  label: number;
  prediction: number;
  probability: number;
  /** As the network takes it. */
  input: Float32Array;
  shape: [number, number, number];
}

/** Remembers the images that a network was surest of and wrong about. */
export interface WorstMistakes {
  /** Takes what `evaluate` tells, in the order of the images. */
  add(judged: JudgedImages): void;
  /** The worst first, each with what spoke for the wrong answer; `images` are those that were judged, as they are. */
  told(model: tfl.LayersModel, images: LabeledImages, classes: readonly string[]): Promise<Mistake[]>;
}

export function worstMistakes(count = 12): WorstMistakes {
  let worst: Wrong[] = [];
  let seen = 0;
  return {
    add(judged) {
      worst = [...worst, ...wrongOnes(judged, seen, worst[count - 1]?.probability ?? 0)]
        .sort((a, b) => b.probability - a.probability || a.index - b.index)
        .slice(0, count);
      seen += judged.labels.length;
    },
    async told(model, images, classes) {
      const mistakes: Mistake[] = [];
      for (const { index, label, prediction, probability, input, shape } of worst) {
        const image = picture(images, index);
        const tensor = tf.tensor3d(input, shape);
        const heat = await gradCamOverlay(model, tensor, prediction, image).finally(() => tensor.dispose());
        mistakes.push({
          index,
          label: classes[label]!,
          prediction: classes[prediction]!,
          probability,
          image: dataUri(image),
          heat: dataUri(heat),
        });
      }
      return mistakes;
    },
  };
}

/** What of some images was wrong with more than so much probability. */
function wrongOnes(
  { images, labels, predictions, probabilities, shape }: JudgedImages,
  before: number,
  least: number,
): Wrong[] {
  const [, height, width, channels] = shape;
  const size = height * width * channels;
  return [...labels].flatMap((label, i) => {
    const [prediction, probability] = [predictions[i]!, probabilities[i]!];
    if (prediction === label || probability <= least) return [];
    // Copied, for the source may write the next batch into the same memory.
    const input = images.slice(i * size, (i + 1) * size);
    return [{ index: before + i, label, prediction, probability, input, shape: [height, width, channels] }];
  });
}

function picture({ images, height, width, channels }: LabeledImages, index: number): RgbImage {
  const size = height * width * channels;
  return { width, height, data: images.slice(index * size, (index + 1) * size) };
}
