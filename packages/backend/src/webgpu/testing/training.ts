import * as tf from '@tensorflow/tfjs-core';
import type { NamedArrays } from '@xcp/safetensors';
import {
  type Batch,
  type Checkpoint,
  memoryStore,
  modelWeights,
  type TrainCallback,
  train,
} from '@xcp/trainer';
import { xception } from '@xcp/xception';
import { values } from '../../testing/values';
import { difference, useBackend } from './compare';

const STEPS = 20;
const MIDDLE = 12;
const SIZE = 12;
const BATCH = 8;

export interface TrainingReport {
  /** Largest differences of the losses of 20 steps, of the validation's loss and of all weights after them. */
  losses: number;
  validation: number;
  weights: number;
  /** Between the weights of the run and of one that went on from its checkpoint of step 12. */
  resumed: number;
  /** Tensors, and bytes allocated on the device, after steps 14 and 20. */
  tensors: [number, number];
  bytes: [number, number];
  /** Names of programs of ours that ran. */
  shaders: string[];
}

function model() {
  return xception({
    inputShape: [SIZE, SIZE, 3],
    classes: 4,
    stem: { filters: [4, 8], strides: [1, 2], padding: 'same' },
    entryFilters: [12],
    middleBlocks: 1,
    middleConvs: 1,
    exitFilters: [12, 16],
    exitStride: 1,
    finalFilters: [16],
    preActivation: true,
    batchNormMomentum: 0.9,
    dropout: 0.2,
    seed: 3,
  } as Parameters<typeof xception>[0]);
}

const source = {
  size: STEPS * BATCH,
  stepsPerEpoch: STEPS,
  *batches(_epoch: number, startStep: number): Iterable<Batch> {
    for (let step = startStep; step < STEPS; step++) {
      const labels = Int32Array.from({ length: BATCH }, (_, i) => (i + step) % 4);
      const pixels = SIZE * SIZE * 3;
      const images = values(BATCH * pixels, step).map((v, i) => v + labels[Math.floor(i / pixels)]! - 1.5);
      yield { images, labels, shape: [BATCH, SIZE, SIZE, 3] };
    }
  },
};

interface Run {
  losses: number[];
  validation: number;
  weights: NamedArrays;
  tensors: number[];
  bytes: number[];
  /** As it was in the middle. */
  checkpoint: Checkpoint;
}

async function run(resumeFrom?: Checkpoint): Promise<Run> {
  const before = tf.memory().numTensors;
  const network = model();
  const [losses, tensors, bytes]: [number[], number[], number[]] = [[], [], []];
  const store = memoryStore();
  let checkpoint: Checkpoint | undefined = resumeFrom;
  const callback: TrainCallback = {
    onLog({ loss, step }, control) {
      losses.push(loss);
      tensors.push(tf.memory().numTensors);
      bytes.push((tf.memory() as { numBytesAllocatedInGPU?: number }).numBytesAllocatedInGPU ?? 0);
      if (step === MIDDLE) control.save();
    },
    async onCheckpoint({ name, step }) {
      if (step === MIDDLE) checkpoint = await store.load(name);
    },
  };
  const result = await train({
    model: network,
    trainData: source,
    validationData: {
      size: BATCH,
      stepsPerEpoch: 1,
      batches: () => source.batches(0, STEPS - 1),
    },
    store: resumeFrom ? memoryStore() : store,
    resumeFrom,
    callbacks: [callback],
    config: resumeFrom
      ? {}
      : {
          epochs: 1,
          logEverySteps: 1,
          schedule: { name: 'constant', learningRate: 0.02 },
          optimizer: { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
        },
  });
  const weights = await modelWeights(network);
  network.dispose();
  const left = tf.memory().numTensors - before;
  if (left > 0) throw new Error(`${left} tensors are left on ${tf.getBackend()}`);
  return { losses, validation: result.validation!.loss, weights, tensors, bytes, checkpoint: checkpoint! };
}

const joined = (weights: NamedArrays) =>
  Float64Array.from(Object.values(weights).flatMap(({ data }) => [...data]));

/** Trains a narrow network on the cpu backend and on WebGPU, there once more from the middle on. */
export async function training(): Promise<TrainingReport> {
  await useBackend('cpu');
  const expected = await run();
  await useBackend('webgpu');
  const actual = await run();
  const resumed = await run(actual.checkpoint);
  const ofStep = <T>(list: T[]): [T, T] => [list[MIDDLE + 1]!, list[STEPS - 1]!];
  const { pipelineCache } = tf.backend() as unknown as { pipelineCache: object };
  return {
    losses: difference(actual.losses, expected.losses),
    validation: difference([actual.validation], [expected.validation]),
    weights: difference(joined(actual.weights), joined(expected.weights)),
    resumed: difference(joined(resumed.weights), joined(actual.weights)),
    tensors: ofStep(actual.tensors),
    bytes: ofStep(actual.bytes),
    shaders: Object.keys(pipelineCache).filter((name) => name.startsWith('xcp ')),
  };
}
