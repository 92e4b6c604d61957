import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { describe, type NetworkDescription } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { trainingSpeed } from '../speed/training-speed';
import { withNetwork } from '../speed/with-network';
import { formatCount, formatDuration } from '../terminal/format';
import type { Output } from '../terminal/output';
import { modelConfig } from '../training/model-config';
import { stepsBySize } from '../training/progressive';
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
  const options = { batch, optimizerSlots: slotsOf(config), accumulate };
  const facts = describe(network, options);
  const largest = Math.max(config.data.size, ...config.data.progressive.map(({ size }) => size));
  const { memory } = describe({ ...network, inputShape: [largest, largest, 3] }, options);
  output.say(JSON.stringify(config, null, 2));
  output.say(layerTable(facts));
  output.say(
    `parameters  ${formatCount(facts.parameters.total)}, ${formatCount(facts.parameters.trainable)} trainable`,
  );
  output.say(`sums        ${formatCount(facts.macs)} multiply-accumulates for an image, forwards`);
  const fits = available === undefined || memory.training <= available;
  const of = available === undefined ? '' : ` of ${formatBytes(available)}`;
  output.say(
    `memory      ${formatBytes(memory.training)}${of} with ${batch} images at a time` +
      (fits ? '' : ': too little; see `xcp plan`'),
  );
  const stretches = stepsBySize(config, images);
  const steps = stretches.reduce((sum, stretch) => sum + stretch.steps, 0);
  const speeds = new Map<number, number>();
  if (fits)
    for (const { size } of stretches)
      speeds.set(size, speeds.get(size) ?? (await measured(config, size, output, signal)));
  const seconds = fits
    ? stretches.reduce((sum, { size, steps }) => sum + (steps * config.batchSize) / speeds.get(size)!, 0)
    : null;
  const imagesPerSecond = seconds && (steps * config.batchSize) / seconds;
  if (imagesPerSecond && seconds) {
    if (stretches.length > 1) {
      const each = stretches.map(
        ({ size, steps }) => `${formatCount(steps)} at ${size} px (${formatCount(speeds.get(size)!)} img/s)`,
      );
      output.say(`steps       ${each.join(', then ')}`);
    }
    output.say(
      `time        ${formatDuration(images / imagesPerSecond)} an epoch, ${formatDuration(seconds)} in all ` +
        `(${formatCount(steps)} steps), at ${formatCount(imagesPerSecond)} img/s here, without validation and the making of batches`,
    );
  }
  output.emit({
    preset,
    config,
    ...summary({ ...facts, memory }),
    available,
    fits,
    imagesPerSecond,
    steps,
    seconds,
  });
}

const summary = ({ layers, parameters, macs, memory }: NetworkDescription) => ({
  layers: layers.map(({ weights: _, ...layer }) => layer),
  parameters,
  macs,
  memory: memory.training,
});

async function measured(
  config: RunConfig,
  size: number,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const { batchSize } = config;
  output.status((columns) => `measuring a few steps of ${batchSize} images …`.slice(0, columns));
  const input = { size, classes: CLASSES };
  return withNetwork(config, input, (model) =>
    trainingSpeed(model, config, { ...input, batch: batchSize, seconds: 1, signal }),
  ).finally(output.clear);
}
