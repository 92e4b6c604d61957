import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { Batch } from '../batch';
import { boolean, knownKeys, number, received } from '../config/checks';
import { type OptimizerConfig, resolveOptimizer } from '../config/optimizer-config';
import { checkModel } from '../model';
import { createOptimizer, disposeOptimizer, type Optimizer } from '../optimizers/optimizer';
import { type Parameter, trainableParameters } from '../optimizers/parameters';
import { pause } from '../pause';
import { trainStep } from '../train-step';
import { modelVariables, readVariables, writeVariables } from '../weights';
import { isOutOfMemory, StepOutOfMemory } from './out-of-memory';
import { searchLargest } from './search-largest';

export interface FitBatchOptions {
  /** One input, NHWC; one output of logits. Its weights are as before in the end. */
  model: tfl.LayersModel;
  /** `[height, width, channels]`. Default the model's own, which must be given where it takes any size. */
  inputShape?: readonly [number, number, number];
  /** No more than this is tried. */
  maxBatchSize: number;
  /** What is to be trained with. Default SGD with momentum. */
  optimizer?: OptimizerConfig;
  /** Whether a `microBatchSize` is looked for: with room for gradients that are summed. Default false. */
  accumulate?: boolean;
  /**
   * Bytes at the peak of a step with so many images, as `describe` of `@xcp/xception` tells them: where to begin. Default
   * none: the search begins at 1.
   */
  estimate?: (batchSize: number) => number;
  /** Bytes that the estimate may come to. Default the limit that the engine tells, if it does. */
  memoryLimit?: number;
  /** Called after every trial. */
  onTrial?: (trial: BatchTrial) => void;
  /** When aborted, the search throws its reason after the trial under way. */
  signal?: AbortSignal;
}

export interface BatchTrial {
  batchSize: number;
  fits: boolean;
  /** Most bytes that were in use by tensors in it, the weights included; null where the engine does not tell. */
  peakBytes: number | null;
}

export interface FitBatchResult {
  /** The largest batch that fits. */
  batchSize: number;
  /** Of that batch. */
  peakBytes: number | null;
  /** In the order of the trials. */
  tried: BatchTrial[];
}

const keys: (keyof FitBatchOptions)[] = [
  'model',
  'inputShape',
  'maxBatchSize',
  'optimizer',
  'accumulate',
  'estimate',
  'memoryLimit',
  'onTrial',
  'signal',
];

/** Steps of a trial: an engine that traces watches two, and has its final memory in the third. */
const STEPS = 3;

/**
 * Finds the largest batch (or micro-batch) that a model can be trained with on the current engine: begins where the
 * estimate says, takes real training steps, doubles while they fit and then halves the interval. Weights and moving
 * statistics are put back.
 *
 * @example
 * const { batchSize } = await fitBatch({ model, maxBatchSize: 1024 });
 * @throws if an option is wrong; the engine's error if a single image does not fit, or what else fails in a step.
 */
export async function fitBatch(options: FitBatchOptions): Promise<FitBatchResult> {
  const subject = 'fitBatch';
  knownKeys(subject, options, keys);
  const { model, onTrial, signal } = options;
  checkModel(subject, model);
  const most = number(subject, 'maxBatchSize', options.maxBatchSize, { integer: true, min: 1 });
  const micro = boolean(subject, 'accumulate', options.accumulate ?? false);
  const shape = imageShape(options);
  const first = firstSize(options, most);
  const config = resolveOptimizer(options.optimizer ?? { name: 'sgd' });

  const variables = modelVariables(model);
  const parameters = trainableParameters(model, config);
  const weights = await readVariables(variables);
  const optimizer = createOptimizer(config, parameters);
  const tried: BatchTrial[] = [];
  let refusal: Error | undefined;
  const fits = async (batchSize: number) => {
    signal?.throwIfAborted();
    await pause();
    const images = micro ? 2 * batchSize : batchSize;
    const error = trial(model, parameters, optimizer, emptyBatch(images, shape), batchSize);
    refusal = error ?? refusal;
    const trialResult = { batchSize, fits: error === undefined, peakBytes: engine().peak() };
    tried.push(trialResult);
    onTrial?.(trialResult);
    return trialResult.fits;
  };
  try {
    const batchSize = await searchLargest(first, most, fits);
    if (batchSize === 0) throw refusal!;
    const { peakBytes } = tried.find((each) => each.batchSize === batchSize)!;
    return { batchSize, peakBytes, tried };
  } finally {
    disposeOptimizer(optimizer);
    writeVariables(variables, weights);
  }
}

/** Takes steps that move no weight; gives the engine's error if there is no memory for them. */
function trial(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  batch: Batch,
  microBatchSize: number,
): Error | undefined {
  engine().begin();
  const step = trainStep(model, parameters, optimizer, 0);
  try {
    for (let i = 1; i <= STEPS; i++) step.take(batch, 0, i, microBatchSize).dispose();
    return undefined;
  } catch (error) {
    if (error instanceof StepOutOfMemory) return error.cause;
    if (isOutOfMemory(error)) return error;
    throw error;
  } finally {
    step.dispose();
  }
}

function emptyBatch(n: number, shape: readonly [number, number, number]): Batch {
  const size = shape.reduce((product, side) => product * side, n);
  return { images: new Float32Array(size), labels: new Int32Array(n), shape: [n, ...shape] };
}

function imageShape({ model, inputShape }: FitBatchOptions): readonly [number, number, number] {
  const own = model.inputs[0]!.shape.slice(1);
  const shape = inputShape ?? own;
  const fits = shape.length === 3 && own.every((side, i) => side === null || side === shape[i]);
  if (fits && shape.every((side) => Number.isInteger(side) && side! > 0)) {
    return shape as [number, number, number];
  }
  throw new Error(
    `fitBatch: \`inputShape\` must be [height, width, channels] as the model takes them, ${received(own)}, ` +
      `received ${received(inputShape)}`,
  );
}

/** The largest size whose estimate is within the limit, else 1. */
function firstSize({ estimate, memoryLimit }: FitBatchOptions, most: number): number {
  if (memoryLimit !== undefined) number('fitBatch', 'memoryLimit', memoryLimit, { above: 0 });
  const limit = memoryLimit ?? engine().limit;
  if (!estimate || limit === undefined) return 1;
  let [low, high] = [1, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimate(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What an engine may tell of its memory, as `xcp` does. */
function engine() {
  const backend = tf.backend() as { memoryLimit?: number; trim?(): void; resetPeak?(): void };
  return {
    limit: backend.memoryLimit,
    /** Begins with nothing kept of the trial before. */
    begin() {
      backend.trim?.();
      backend.resetPeak?.();
    },
    peak: () => (backend.resetPeak ? ((tf.memory() as { peak?: number }).peak ?? null) : null),
  };
}
