import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type BatchSource, checkBatch, checkSource } from '../batch';
import { knownKeys, number } from '../config/checks';
import { checkModel, classesOf, logitsOf, setTrainingStep } from '../model';
import { PAUSE_EVERY, pause } from '../pause';
import { modelVariables, readVariables, writeVariables } from '../weights';

export interface RecalibrateOptions {
  /** Its batch-norm statistics are replaced, in place; all else stays. */
  model: tfl.LayersModel;
  /** The training data: its first batches of the first epoch are taken. */
  data: BatchSource;
  /** How many batches. Default all of an epoch. */
  batches?: number;
  signal?: AbortSignal;
}

interface BatchNorm {
  momentum: number;
  /** How many statistics it has, one after another for each application, where it has more than one. */
  applications?: number;
  call: tfl.layers.Layer['call'];
}

/**
 * Computes the batch-norm statistics of a model anew, as means over training batches: for weights that nobody trained
 * with, such as averages, whose averaged statistics belong to other weights.
 *
 * @example
 * loadWeights(model, result.ema.weights);
 * await recalibrateBatchNorm({ model, data: trainData, batches: 100 });
 * @throws, with the statistics as they were, if an option is wrong, a batch does not fit the model, the data has fewer
 *   batches, or `signal` is aborted (then its reason).
 * @see torch.optim.swa_utils.update_bn
 */
export async function recalibrateBatchNorm(options: RecalibrateOptions): Promise<void> {
  const { model, data, signal } = knownKeys('recalibrateBatchNorm', options, [
    'model',
    'data',
    'batches',
    'signal',
  ]);
  checkModel('recalibrateBatchNorm', model);
  checkSource('recalibrateBatchNorm', 'data', data);
  const max = data.stepsPerEpoch;
  const batches = number('recalibrateBatchNorm', 'batches', options.batches ?? max, {
    integer: true,
    min: 1,
    max,
  });
  const before = await readVariables(modelVariables(model));
  const restore = accumulateStatistics(batchNorms(model));
  let done = 0;
  let lastPause = performance.now();
  try {
    for await (const batch of data.batches(0, 0)) {
      signal?.throwIfAborted();
      checkBatch('recalibrateBatchNorm', batch, model.inputs[0]!.shape, classesOf(model));
      setTrainingStep(model, done);
      tf.tidy(() => void logitsOf(model, tf.tensor4d(batch.images, [...batch.shape]), true));
      done++;
      if (done === batches) return;
      if (performance.now() - lastPause > PAUSE_EVERY) {
        await pause();
        lastPause = performance.now();
      }
    }
    throw new Error(`recalibrateBatchNorm: \`data\` must give ${batches} batches, received ${done}`);
  } catch (error) {
    writeVariables(modelVariables(model), before);
    throw error;
  } finally {
    restore();
  }
}

/** Has every layer take the mean of all batches in place of a moving one; gives a function that ends it. */
function accumulateStatistics(layers: readonly BatchNorm[]): () => void {
  const ends = layers.map((layer) => {
    const { momentum, call, applications = 1 } = layer;
    let calls = 0;
    layer.call = (...args) => {
      const seen = Math.floor(calls / applications);
      calls++;
      layer.momentum = seen / (seen + 1);
      return call.apply(layer, args);
    };
    return () => {
      layer.momentum = momentum;
      // The method of its class is found again.
      delete (layer as Partial<BatchNorm>).call;
    };
  });
  return () => {
    for (const end of ends) end();
  };
}

/** Every batch-norm layer, those of nested models included: TensorFlow.js's own and that of `@xcp/layers`. */
function batchNorms(model: tfl.LayersModel): BatchNorm[] {
  return model.layers.flatMap((layer) => {
    if ('layers' in layer) return batchNorms(layer as unknown as tfl.LayersModel);
    return layer.getClassName().endsWith('BatchNormalization') ? [layer as unknown as BatchNorm] : [];
  });
}
