import { train } from '@xcp/trainer';
import { xception } from '@xcp/xception';
import { quickstart } from '../presets/quickstart';
import { madeUp } from '../speed/made-up';

/** What a few training steps of a narrow network came to on the active engine. */
export interface TrainingCheck {
  /** The loss of each step. */
  losses: number[];
  /** Milliseconds of a step, the median of the later ones. */
  milliseconds: number;
}

const SIZE = 16;
const BATCH = 8;
const CLASSES = 10;
const STEPS = 6;
/** So low that what rounding changes stays what it is, and does not grow from step to step. */
const LEARNING_RATE = 0.01;

/** Trains a narrow Xception for a few steps, the same on every engine. */
export async function checkTraining(): Promise<TrainingCheck> {
  const model = xception({
    ...quickstart.config.model,
    inputShape: [SIZE, SIZE, 3],
    classes: CLASSES,
    stem: { filters: [8, 16], strides: [1, 2], padding: 'same' },
    entryFilters: [16, 32],
    exitFilters: [32, 48],
    finalFilters: [64],
    seed: 1,
  });
  const losses: number[] = [];
  const times = [performance.now()];
  try {
    await train({
      model,
      trainData: madeUp(SIZE, BATCH, CLASSES),
      config: {
        epochs: 1,
        maxSteps: STEPS,
        optimizer: { name: 'sgd', momentum: 0.9 },
        schedule: { name: 'constant', learningRate: LEARNING_RATE },
        logEverySteps: 1,
      },
      callbacks: [
        {
          onLog({ loss }) {
            losses.push(loss);
            times.push(performance.now());
          },
        },
      ],
    });
  } finally {
    model.dispose();
  }
  const later = times
    .slice(1)
    .map((time, i) => time - times[i]!)
    .slice(STEPS / 2);
  return { losses, milliseconds: later.sort((a, b) => a - b)[later.length >> 1]! };
}
