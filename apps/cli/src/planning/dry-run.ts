import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { describe, type NetworkDescription } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { trainingSpeed } from '../speed/training-speed';
import { withNetwork } from '../speed/with-network';
import { formatCount, formatDuration } from '../terminal/format';
import type { Output } from '../terminal/output';
import { modelConfig } from '../training/model-config';
import { layerTable } from './layer-table';
import { formatBytes } from './parse-bytes';
import { slotsOf } from './plan-size';

const CLASSES = CIFAR10_CLASSES.length;
const TRAINING_IMAGES = 50_000;

/** Tells all that a run would be, and how long it would take, from a few steps on images made up; writes nothing. */
export async function dryRun(
  preset: string,
  config: RunConfig,
  /** Bytes that tensors may take; `undefined` where nobody knows. */
  available: number | undefined,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const network = modelConfig(config, CLASSES);
  const images = Math.round(TRAINING_IMAGES * (1 - config.data.validationShare));
  const accumulate = config.microBatchSize !== null && config.microBatchSize < config.batchSize;
  const batch = accumulate ? config.microBatchSize! : config.batchSize;
  const facts = describe(network, { batch, optimizerSlots: slotsOf(config), accumulate });
  output.say(JSON.stringify(config, null, 2));
  output.say(layerTable(facts));
  output.say(
    `parameters  ${formatCount(facts.parameters.total)}, ${formatCount(facts.parameters.trainable)} trainable`,
  );
  output.say(`sums        ${formatCount(facts.macs)} multiply-accumulates for an image, forwards`);
  const fits = available === undefined || facts.memory.training <= available;
  const of = available === undefined ? '' : ` of ${formatBytes(available)}`;
  output.say(
    `memory      ${formatBytes(facts.memory.training)}${of} with ${batch} images at a time` +
      (fits ? '' : ': too little; see `xcp plan`'),
  );
  const imagesPerSecond = fits ? await measured(config, output, signal) : null;
  const steps = plannedSteps(config, images);
  const seconds = imagesPerSecond && (steps * config.batchSize) / imagesPerSecond;
  if (imagesPerSecond && seconds) {
    output.say(
      `time        ${formatDuration(images / imagesPerSecond)} an epoch, ${formatDuration(seconds)} in all ` +
        `(${formatCount(steps)} steps), at ${formatCount(imagesPerSecond)} img/s here, without validation and the making of batches`,
    );
  }
  output.emit({ preset, config, ...summary(facts), available, fits, imagesPerSecond, steps, seconds });
}

const summary = ({ layers, parameters, macs, memory }: NetworkDescription) => ({
  layers: layers.map(({ weights: _, ...layer }) => layer),
  parameters,
  macs,
  memory: memory.training,
});

async function measured(config: RunConfig, output: Output, signal: AbortSignal): Promise<number> {
  const { batchSize, data } = config;
  output.status((columns) => `measuring a few steps of ${batchSize} images …`.slice(0, columns));
  const input = { size: data.size, classes: CLASSES };
  return withNetwork(config, input, (model) =>
    trainingSpeed(model, config, { ...input, batch: batchSize, seconds: 1, signal }),
  ).finally(output.clear);
}

function plannedSteps({ epochs, steps, maxSteps, batchSize }: RunConfig, images: number): number {
  const planned = steps ?? epochs! * Math.ceil(images / batchSize);
  return Math.min(planned, maxSteps ?? planned);
}
