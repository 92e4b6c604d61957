import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type BatchSource, checkSource } from './batch';
import { knownKeys, number } from './config/checks';
import { type OptimizerConfig, resolveOptimizer } from './config/optimizer-config';
import { StepOutOfMemory } from './memory/out-of-memory';
import { checkModel } from './model';
import { createOptimizer, disposeOptimizer } from './optimizers/optimizer';
import { trainableParameters } from './optimizers/parameters';
import { pause } from './pause';
import { type RangePoint, type RangeSuggestion, suggestRates } from './suggest-rates';
import { trainStep } from './train-step';
import { modelVariables, readVariables, writeVariables } from './weights';

export interface RangeTestOptions {
  /** One input, NHWC; one output of logits. Its weights are as before when the test is over. */
  model: tfl.LayersModel;
  /** The batches of its first epochs are taken. */
  trainData: BatchSource;
  /** What is to be trained with. Default SGD with momentum 0.9. */
  optimizer?: OptimizerConfig;
  /** As in the training. Default 0. */
  labelSmoothing?: number;
  /** The rate of the first step. Default 1e-5: nothing is learned there. */
  minLearningRate?: number;
  /** The rate of the last step. Default 10: nearly everything diverges before. */
  maxLearningRate?: number;
  /** Steps from the one to the other, at least 10. Default 100. */
  steps?: number;
  /** How much of the mean loss so far a step keeps, in [0, 1). Default 0.9: about the last ten steps. */
  smoothing?: number;
  /** Ends the test where the smoothed loss is this many times its least, above 1. Default 4. */
  divergence?: number;
  /** Called after every step. */
  onStep?: (point: RangePoint) => void;
  /** When aborted, the test ends after the step under way, with the points it has. */
  signal?: AbortSignal;
}

export interface RangeTestResult {
  /** The steps whose loss was finite. */
  points: RangePoint[];
  stopped: 'completed' | 'diverged' | 'aborted';
  /** Where the loss falls fastest, and a tenth of where it is least. Null where the curve tells neither. */
  suggestions: { steepest: RangeSuggestion; minimum: RangeSuggestion } | null;
}

const keys: (keyof RangeTestOptions)[] = [
  'model',
  'trainData',
  'optimizer',
  'labelSmoothing',
  'minLearningRate',
  'maxLearningRate',
  'steps',
  'smoothing',
  'divergence',
  'onStep',
  'signal',
];

/**
 * Finds the learning rates that a model learns at: trains for a few steps while the rate rises exponentially, records
 * the loss, stops where it diverges, and gives the model its weights back, batch-norm statistics included.
 *
 * @example
 * const { suggestions } = await learningRateRangeTest({ model, trainData });
 * console.log(suggestions?.steepest.learningRate, suggestions?.steepest.reason);
 * @throws if an option is wrong or a batch does not fit the model.
 * @see Smith, "Cyclical learning rates for training neural networks", section 3.3
 */
export async function learningRateRangeTest(options: RangeTestOptions): Promise<RangeTestResult> {
  const subject = 'learningRateRangeTest';
  knownKeys(subject, options, keys);
  const { model, trainData, signal } = options;
  checkModel(subject, model);
  checkSource(subject, 'trainData', trainData);
  const low = number(subject, 'minLearningRate', options.minLearningRate ?? 1e-5, { above: 0 });
  const high = number(subject, 'maxLearningRate', options.maxLearningRate ?? 10, { above: low });
  const steps = number(subject, 'steps', options.steps ?? 100, { integer: true, min: 10 });
  const smoothing = number(subject, 'smoothing', options.smoothing ?? 0.9, { min: 0, below: 1 });
  const limit = number(subject, 'divergence', options.divergence ?? 4, { above: 1 });
  const labelSmoothing = number(subject, 'labelSmoothing', options.labelSmoothing ?? 0, { min: 0, below: 1 });
  const config = resolveOptimizer(options.optimizer ?? { name: 'sgd' });

  const variables = modelVariables(model);
  const parameters = trainableParameters(model, config);
  const weights = await readVariables(variables);
  const optimizer = createOptimizer(config, parameters);
  const training = trainStep(model, parameters, optimizer, labelSmoothing);
  const points: RangePoint[] = [];
  let stopped: RangeTestResult['stopped'] = 'completed';
  let mean = 0;
  let least = Number.POSITIVE_INFINITY;
  try {
    for await (const batch of firstBatches(trainData, steps)) {
      if (signal?.aborted) {
        stopped = 'aborted';
        break;
      }
      const step = points.length + 1;
      const learningRate = low * (high / low) ** ((step - 1) / (steps - 1));
      const loss = await lossOf(training.take(batch, learningRate, step));
      mean = smoothing * mean + (1 - smoothing) * loss;
      // Without the correction the mean would begin at 0.
      const smoothedLoss = mean / (1 - smoothing ** step);
      if (!Number.isFinite(loss) || smoothedLoss > limit * least) {
        stopped = 'diverged';
        break;
      }
      least = Math.min(least, smoothedLoss);
      points.push({ step, learningRate, loss, smoothedLoss });
      options.onStep?.(points.at(-1)!);
      await pause();
    }
  } catch (error) {
    throw error instanceof StepOutOfMemory ? error.cause : error;
  } finally {
    training.dispose();
    disposeOptimizer(optimizer);
    writeVariables(variables, weights);
  }
  return { points, stopped, suggestions: suggestRates(points) };
}

/** Batches of the first epoch, the second, …, as many as are asked for. */
async function* firstBatches(source: BatchSource, count: number) {
  let given = 0;
  for (let epoch = 0; given < count; epoch++) {
    const before = given;
    for await (const batch of source.batches(epoch, 0)) {
      yield batch;
      if (++given === count) return;
    }
    if (given === before) {
      throw new Error(
        `learningRateRangeTest: \`trainData\` must give batches, received none in epoch ${epoch}`,
      );
    }
  }
}

/** The loss of a step, whose row is disposed. */
async function lossOf(row: tf.Tensor2D): Promise<number> {
  try {
    return (await row.data())[0]!;
  } finally {
    row.dispose();
  }
}
