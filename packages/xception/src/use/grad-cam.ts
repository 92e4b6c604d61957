import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { rejectUnknownKeys } from '../unknown-keys';
import { runFrom } from './model-nodes';
import { tap } from './tap';

export interface GradCamOptions {
  /** A layer or block, as in `featureExtractor`. Default `'features'`, the last map. */
  layer?: string;
  /** Default `'image'`: resized bilinearly to the image. `'map'` leaves it at the size of the layer's map. */
  size?: 'image' | 'map';
}

/**
 * Grad-CAM: where in the image the model sees what speaks for a class, as a heat map [height, width] in 0…1.
 *
 * The map's channels are weighed by the mean gradient of the class's logit, summed, rectified and divided by
 * the largest value; where nothing speaks for the class the map is 0 everywhere. `image` is one image,
 * [height, width, channels] or [1, height, width, channels], preprocessed as for `predict`.
 *
 * @example
 * const heat = gradCam(model, preprocessInput(image), 281); // [299, 299]
 * @throws if the image does not fit the model, the class is not one of its outputs, the layer is unknown or
 *   gives no map, or an option is out of its range.
 * @see Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization"
 */
export function gradCam(
  model: tfl.LayersModel,
  image: tf.Tensor,
  classIndex: number,
  options: GradCamOptions = {},
): tf.Tensor2D {
  rejectUnknownKeys('gradCam', options, ['layer', 'size']);
  const { layer = 'features', size = 'image' } = options;
  if (size !== 'image' && size !== 'map') {
    throw new Error(`gradCam: \`size\` must be 'image' or 'map', received ${JSON.stringify(size)}`);
  }
  const node = tap('gradCam', model, layer);
  if (node.rank !== 4) {
    throw new Error(
      `gradCam: \`layer\` must give a map [batch, height, width, channels], received \`${layer}\` of [${node.shape}]`,
    );
  }
  checkClass(model, classIndex);
  return tf.tidy(() => {
    const images = oneImage(model, image);
    const known = new Map<tfl.SymbolicTensor, tf.Tensor>([[model.inputs[0]!, images]]);
    const map = runFrom(known, node);
    const score = (map: tf.Tensor) => {
      const scores = logits(model, new Map([...known, [node, map]]));
      return tf.sum(tf.slice(scores, [0, classIndex], [1, 1])) as tf.Scalar;
    };
    const gradient = tf.grad(score)(map);
    const weights = tf.mean(gradient, [1, 2], true);
    const heat = tf.relu(tf.sum(tf.mul(map, weights), 3, true)) as tf.Tensor4D;
    const sized =
      size === 'map'
        ? heat
        : tf.image.resizeBilinear(heat, [images.shape[1]!, images.shape[2]!], false, true);
    // A map of zeros stays one.
    return tf.divNoNan(tf.squeeze(sized, [0, 3]), tf.max(sized)) as tf.Tensor2D;
  });
}

/** What the classifier gives before a softmax of its own, whose gradient would mix in the other classes. */
function logits(model: tfl.LayersModel, known: ReadonlyMap<tfl.SymbolicTensor, tf.Tensor>): tf.Tensor {
  const output = model.outputs[0]!;
  const layer = output.sourceLayer;
  if (layer.getClassName() !== 'Dense' || layer.getConfig().activation !== 'softmax') {
    return runFrom(known, output);
  }
  const [kernel, bias] = layer.getWeights() as [tf.Tensor2D, tf.Tensor1D | undefined];
  const y = tf.matMul(runFrom(known, output.inputs[0]!) as tf.Tensor2D, kernel);
  return bias ? tf.add(y, bias) : y;
}

function oneImage(model: tfl.LayersModel, image: tf.Tensor): tf.Tensor4D {
  const expected = model.inputs[0]!.shape.slice(1);
  const shape = image.rank === 4 && image.shape[0] === 1 ? image.shape.slice(1) : image.shape;
  if (shape.length !== 3 || shape.some((side, axis) => (expected[axis] ?? side) !== side)) {
    throw new Error(
      `gradCam: \`image\` must be one image of [${expected.map((side) => side ?? 'any')}], received [${image.shape}]`,
    );
  }
  return tf.reshape(image, [1, ...shape] as [number, number, number, number]);
}

function checkClass(model: tfl.LayersModel, classIndex: number): void {
  const shape = model.outputs[0]!.shape;
  if (model.outputs.length !== 1 || shape.length !== 2) {
    throw new Error(
      `gradCam: \`model\` must give [batch, classes], received outputs of ${JSON.stringify(model.outputs.map((output) => output.shape))}`,
    );
  }
  const classes = shape[1]!;
  if (Number.isSafeInteger(classIndex) && classIndex >= 0 && classIndex < classes) return;
  throw new Error(
    `gradCam: \`classIndex\` must be a whole number from 0 to ${classes - 1}, received ${JSON.stringify(classIndex)}`,
  );
}
