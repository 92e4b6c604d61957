import type * as tfl from '@tensorflow/tfjs-layers';
import { evaluate } from '@xcp/trainer';
import { createLaps } from './laps';
import { madeUp } from './made-up';
import type { Measured } from './measured';

/** Images per second that the active engine evaluates, with images made up. */
export async function inferenceSpeed(
  model: tfl.LayersModel,
  { size, batch, classes, seconds, signal }: Measured,
): Promise<number> {
  const laps = createLaps(seconds, signal);
  try {
    const data = madeUp(size, batch, classes);
    await evaluate({ model, data, onProgress: laps.lap, signal: laps.signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!laps.signal.aborted) throw error;
  } finally {
    laps.end();
  }
  return batch * laps.perSecond();
}
