import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { minInputSize } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { UserError } from '../errors';
import { trainingSpeed } from '../speed/training-speed';
import { withNetwork } from '../speed/with-network';
import type { Output } from '../terminal/output';
import { modelConfig } from '../training/model-config';
import { formatBytes } from './parse-bytes';
import { planSize } from './plan-size';
import { limitLine, type MeasuredPlan, planAdvice, planTable } from './plan-text';

export interface PlanOptions {
  /** Sides of the input in pixels. */
  sizes: readonly number[];
  /** Bytes to plan for; `undefined` for those that are here. */
  memory: number | undefined;
  /** Bytes that tensors may take here; `undefined` where nobody knows. */
  here: number | undefined;
  /** Whether to train for a few steps at each size. */
  measure: boolean;
}

const CLASSES = CIFAR10_CLASSES.length;
const TRAINING_IMAGES = 50_000;

/** Tells what fits into the memory, how small an input may be, and how long an epoch takes; changes nothing. */
export async function plan(
  config: RunConfig,
  { sizes, memory: given, here, measure }: PlanOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const memory = given ?? here;
  if (memory === undefined) {
    throw new UserError(
      '--memory: must be given for a GPU, which does not tell its own, such as --memory 8GiB',
    );
  }
  const smallest = minInputSize(modelConfig(config, CLASSES));
  const images = Math.round(TRAINING_IMAGES * (1 - config.data.validationShare));
  output.say(`memory    ${formatBytes(memory)}${given === undefined ? ' for tensors on this machine' : ''}`);
  output.say(`smallest  ${smallestText(smallest)}`);

  const plans: MeasuredPlan[] = [];
  for (const size of sizes.filter((size) => size >= smallest)) {
    const facts = planSize(config, CLASSES, size, memory);
    const batch = Math.min(config.batchSize, facts.largest);
    output.status((columns) => `measuring at ${size} px, batch ${batch} …`.slice(0, columns));
    const measured = measure && batch > 0 && batch <= planSize(config, CLASSES, size, here ?? memory).largest;
    const input = { size, classes: CLASSES };
    const imagesPerSecond = measured
      ? await withNetwork(config, input, (model) =>
          trainingSpeed(model, config, { ...input, batch, seconds: 1, signal }),
        )
      : undefined;
    plans.push({ ...facts, imagesPerSecond });
  }
  output.clear();
  output.say(planTable(plans, config.batchSize, images));
  for (const size of sizes.filter((size) => size < smallest)) {
    output.say(`At ${size} px the network cannot be built: a map would be empty.`);
  }
  output.say(limitLine(plans, memory));
  for (const line of planAdvice(plans, config.batchSize, memory)) output.say(line);
  output.emit({ memory, smallest, batchSize: config.batchSize, images, sizes: plans });
}

function smallestText(smallest: number): string {
  const why = `${smallest}×${smallest} pixels: in a smaller one a map would be empty`;
  return smallest === 7
    ? `${why}. Keras documents 71, which leaves a last map of 3×3: on 1×1, all but one of a window's taps see padding`
    : why;
}
