import * as tf from '@tensorflow/tfjs-core';
import { rejectUnknownKeys } from '../unknown-keys';
import { IMAGENET_CLASSES, type ImagenetClass } from './imagenet-classes';

export interface Prediction {
  /** The place of the class among the model's outputs. */
  index: number;
  /** The WordNet identifier, where the classes have one. */
  id?: string;
  name: string;
  /** The probability, in 0…1. */
  score: number;
}

export interface DecodeOptions {
  /** How many classes per image. Default 5; all of them where there are fewer. */
  top?: number;
  /** In the order of the outputs. Default the 1000 of ImageNet. */
  classes?: readonly (string | ImagenetClass)[];
  /**
   * Whether `predictions` are logits, whose softmax is the probability. Default true, as `xception` gives
   * logits; false for a model made with `classifierActivation: 'softmax'`.
   */
  fromLogits?: boolean;
}

/**
 * The most probable classes of each image, best first: predictions [batch, classes] → one list per image.
 *
 * Equal scores come in the order of the classes. Disposes of nothing.
 *
 * @example
 * const [best] = await decodePredictions(model.predict(images), { top: 3 });
 * best[0]; // { index: 281, id: 'n02123045', name: 'tabby', score: 0.93 }
 * @throws if `predictions` are not [batch, classes], their classes are not as many as `classes`, or an option
 *   is unknown or out of its range.
 * @see keras/src/applications/imagenet_utils.py, `decode_predictions`
 */
export async function decodePredictions(
  predictions: tf.Tensor,
  options: DecodeOptions = {},
): Promise<Prediction[][]> {
  rejectUnknownKeys('decodePredictions', options, ['top', 'classes', 'fromLogits']);
  const { top = 5, classes = IMAGENET_CLASSES, fromLogits = true } = options;
  if (!Number.isSafeInteger(top) || top < 1) {
    throw new Error(`decodePredictions: \`top\` must be a positive integer, received ${JSON.stringify(top)}`);
  }
  const [images, count] = predictions.shape;
  if (predictions.rank !== 2 || count !== classes.length) {
    throw new Error(
      `decodePredictions: \`predictions\` must be [batch, ${classes.length}], one score per class, received ` +
        `[${predictions.shape}]; name the classes of another model with \`classes\``,
    );
  }
  const probabilities = tf.tidy(() => (fromLogits ? tf.softmax(predictions) : tf.clone(predictions)));
  const scores = await probabilities.data().finally(() => probabilities.dispose());
  return Array.from({ length: images! }, (_, image) =>
    best(scores.subarray(image * count, (image + 1) * count), top).map(({ index, score }) => {
      const named = classes[index]!;
      return { index, ...(typeof named === 'string' ? { name: named } : named), score };
    }),
  );
}

function best(scores: tf.TypedArray, top: number): { index: number; score: number }[] {
  return Array.from(scores, (score, index) => ({ index, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, top);
}
