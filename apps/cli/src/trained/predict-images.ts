import * as tf from '@tensorflow/tfjs-core';
import { decodePredictions, fitImage, type Prediction } from '@xcp/xception';
import { messageOf, UserError } from '../errors';
import { gradCamOverlay } from '../figures/grad-cam-overlay';
import type { RgbImage } from '../figures/png';
import { decodeImage } from '../images/decode-image';
import type { ImageFile } from '../images/find-images';
import { imageTensor } from '../images/image-tensor';
import type { Trained } from './open-trained';

/** Pixels of the side of a picture with a heat map over it, at most. */
const LARGEST = 512;

export interface Predicted {
  name: string;
  /** The most probable classes, best first. */
  predictions: Prediction[];
  /** The image as the network saw it, with what speaks for the first of them over it, where it was asked for. */
  heat?: RgbImage;
}

/**
 * What a model takes images for: one after another, for they may be many.
 *
 * @throws UserError where a file is no image.
 */
export async function* predictImages(
  { model, card }: Trained,
  files: Iterable<ImageFile>,
  { top, withHeat }: { top: number; withHeat: boolean },
): AsyncGenerator<Predicted> {
  for (const file of files) {
    const image = decoded(file);
    const input = imageTensor(fitImage(image, card.size), card.normalize);
    try {
      const logits = tf.tidy(() => model.predict(tf.expandDims(input)) as tf.Tensor2D);
      const [predictions] = await decodePredictions(logits, { classes: card.classes, top }).finally(() =>
        logits.dispose(),
      );
      const predicted = { name: file.name, predictions: predictions! };
      if (!withHeat) {
        yield predicted;
        continue;
      }
      // Over the picture as it is, for a network may see very little of it.
      const whole = fitImage(image, Math.min(image.width, image.height, LARGEST));
      const heat = await gradCamOverlay(model, input, predictions![0]!.index, whole);
      yield { ...predicted, heat };
    } finally {
      input.dispose();
    }
  }
}

function decoded({ name, read }: ImageFile): RgbImage {
  try {
    return decodeImage(read());
  } catch (error) {
    throw new UserError(
      `predict: an image must be a whole PNG or JPEG, received "${name}" (${messageOf(error)})`,
    );
  }
}
