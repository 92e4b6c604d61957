import { CIFAR10_CLASSES } from '@xcp/cifar10';
import type { RunConfig } from '../config/run-config';
import { inferenceSpeed } from '../speed/inference-speed';
import { trainingSpeed } from '../speed/training-speed';
import { withNetwork } from '../speed/with-network';

/** Images per second at one batch size, in one round. */
export interface Round {
  batch: number;
  training: number;
  inference: number;
}

/** One round on the active engine: training and inference at each batch size, with images made up. */
export function measureEngine(
  config: RunConfig,
  { batches, seconds, signal }: { batches: readonly number[]; seconds: number; signal: AbortSignal },
): Promise<Round[]> {
  const input = { size: config.data.size, classes: CIFAR10_CLASSES.length };
  return withNetwork(config, input, async (model) => {
    const rounds: Round[] = [];
    for (const batch of batches) {
      const measured = { ...input, batch, seconds, signal };
      const inference = await inferenceSpeed(model, measured);
      const training = await trainingSpeed(model, config, measured);
      rounds.push({ batch, training, inference });
    }
    return rounds;
  });
}
