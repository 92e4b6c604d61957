import type * as tfl from '@tensorflow/tfjs-layers';
import { train } from '@xcp/trainer';
import type { RunConfig } from '../config/run-config';
import { trainConfig } from '../training/train-config';
import { createLaps } from './laps';
import { madeUp } from './made-up';
import type { Measured } from './measured';

/** Images per second of training steps on the active engine, with images made up. Changes the model's weights. */
export async function trainingSpeed(
  model: tfl.LayersModel,
  config: RunConfig,
  { size, batch, classes, seconds, signal }: Measured,
): Promise<number> {
  const laps = createLaps(seconds, signal);
  try {
    await train({
      model,
      trainData: madeUp(size, batch, classes),
      config: { epochs: 1, optimizer: trainConfig(config).optimizer!, microBatchSize: config.microBatchSize },
      signal: laps.signal,
      callbacks: [{ onStep: laps.lap }],
    });
    signal.throwIfAborted();
    return batch * laps.perSecond();
  } finally {
    laps.end();
  }
}
