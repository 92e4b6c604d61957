import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { received } from './config/checks';

/** Throws unless the model has one input and one output of logits, `[batch, classes]`. */
export function checkModel(subject: string, model: tfl.LayersModel): void {
  const shape = model.outputs[0]?.shape;
  if (model.inputs.length !== 1 || model.outputs.length !== 1 || shape?.length !== 2 || !shape[1]) {
    const shapes = [model.inputs, model.outputs].map((tensors) => received(tensors.map((t) => t.shape)));
    throw new Error(
      `${subject}: \`model\` must have one input and one output of shape [null, classes], ` +
        `received inputs ${shapes[0]} and outputs ${shapes[1]}`,
    );
  }
  const layer = model.outputs[0]!.sourceLayer;
  const { activation } = layer.getConfig();
  if (activation === 'softmax' || activation === 'sigmoid' || layer.getClassName() === 'Softmax') {
    throw new Error(
      `${subject}: \`model\` must end in logits, received '${layer.name}' with activation ` +
        `'${activation ?? 'softmax'}'; build it with activation 'linear', the loss applies the softmax`,
    );
  }
}

/** The number of classes of a model that {@link checkModel} has passed. */
export function classesOf(model: tfl.LayersModel): number {
  return model.outputs[0]!.shape[1]!;
}

/** `[batch, …]` → logits, `[batch, classes]`. */
export function logitsOf(model: tfl.LayersModel, images: tf.Tensor, training: boolean): tf.Tensor2D {
  return model.apply(images, { training }) as tf.Tensor2D;
}

/**
 * The penalties of all regularized weights, each a scalar.
 *
 * Each layer counts once, however often the model applies it, as in Keras; the model's own `calculateLosses` counts
 * a shared layer once per application.
 */
export function regularizationLosses(model: tfl.LayersModel): tf.Scalar[] {
  return model.layers.flatMap((layer) =>
    'layers' in layer ? regularizationLosses(layer as unknown as tfl.LayersModel) : layer.calculateLosses(),
  );
}

/** A layer that draws random numbers as a function of the training step, such as a repeatable dropout. */
interface SteppedLayer {
  setStep(step: number | tf.Scalar): void;
}

/**
 * Tells every layer that has a method `setStep` which training step comes next, from 0, so that a resumed run draws the
 * random numbers that an uninterrupted one would have drawn.
 */
export function setTrainingStep(model: tfl.LayersModel, step: number | tf.Scalar): void {
  for (const layer of model.layers as (tfl.layers.Layer & Partial<SteppedLayer>)[]) {
    layer.setStep?.(step);
    if ('layers' in layer) setTrainingStep(layer as unknown as tfl.LayersModel, step);
  }
}
