import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { received } from './checks';
import { callNumber } from './recomputation';

/** A layer that draws random numbers in training, which are a function of the training step. */
export abstract class SteppedLayer extends tfl.layers.Layer {
  private step: number | tf.Scalar = 0;
  private callsInStep = 0;

  /**
   * Says which training step comes next: its number, from 0, or a scalar int32 tensor of it, which must live until
   * the step is over.
   */
  setStep(step: number | tf.Scalar): void {
    this.step = step;
    this.callsInStep = 0;
  }

  /** The step, and the number of this call in it. */
  protected nextCall(): { step: number | tf.Scalar; call: number } {
    return { step: this.step, call: callNumber(() => this.callsInStep++) };
  }
}

/**
 * Tells every layer of a model that draws random numbers, {@link dropout} and {@link dropPath}, which training step
 * comes next, so that a resumed run draws those that an uninterrupted one would have drawn.
 *
 * `step` counts from 0. As a scalar int32 tensor it may be an input of a function that `traced` of `@xcp/backend` runs;
 * it is read when the layers are called, so tell them a number afterwards.
 *
 * @example setTrainingStep(model, 1400);
 * @throws if `step` is neither a whole number from 0 to 2³¹ − 1 nor a scalar int32 tensor.
 */
export function setTrainingStep(model: tfl.LayersModel, step: number | tf.Scalar): void {
  checkStep(step);
  for (const layer of model.layers) {
    if (layer instanceof SteppedLayer) layer.setStep(step);
    else if ('layers' in layer) setTrainingStep(layer as tfl.LayersModel, step);
  }
}

function checkStep(step: number | tf.Scalar): void {
  const rule =
    'setTrainingStep: `step` must be a whole number of at least 0, or a scalar int32 tensor, received';
  if (typeof step === 'number') {
    if (!Number.isInteger(step) || step < 0 || step >= 2 ** 31) throw new Error(`${rule} ${step}`);
  } else if (step?.dtype !== 'int32' || step.size !== 1) {
    throw new Error(`${rule} ${step?.dtype ? `${step.dtype} ${received(step.shape)}` : received(step)}`);
  }
}
