import { type BatchSource, train } from '@xcp/trainer';
import { xception } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { modelConfig } from '../training/model-config';
import { trainConfig } from '../training/train-config';

/** Steps that an engine takes to find its feet: it reserves memory, and ours records the step. */
const WARM_UP = 3;
/** Seconds of measured steps after which enough is known. */
const ENOUGH = 2;
const MOST_STEPS = 20;

/** Images per second of training steps at one input size, on the active engine, with images made up. */
export async function measureSpeed(
  config: RunConfig,
  classes: number,
  size: number,
  batch: number,
  signal: AbortSignal,
): Promise<number> {
  const model = xception({ ...modelConfig(config, classes), inputShape: [size, size, 3] });
  const times: number[] = [];
  const enough = new AbortController();
  const stop = () => enough.abort();
  signal.addEventListener('abort', stop);
  try {
    await train({
      model,
      trainData: madeUp(size, batch, classes),
      config: { epochs: 1, optimizer: trainConfig(config).optimizer!, microBatchSize: config.microBatchSize },
      signal: enough.signal,
      callbacks: [
        {
          onStep: () => {
            times.push(performance.now());
            if (times.length > WARM_UP && times.at(-1)! - times[WARM_UP - 1]! > 1000 * ENOUGH) stop();
          },
        },
      ],
    });
    signal.throwIfAborted();
    const steps = times.length - WARM_UP;
    return (1000 * steps * batch) / (times.at(-1)! - times[WARM_UP - 1]!);
  } finally {
    signal.removeEventListener('abort', stop);
    model.dispose();
  }
}

/** Batches of noise with the labels in turn. */
function madeUp(size: number, batch: number, classes: number): BatchSource {
  const images = Float32Array.from(
    { length: batch * size * size * 3 },
    (_, i) => Math.sin(i * 12.9898) * 1.5,
  );
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  return {
    size: batch * MOST_STEPS,
    stepsPerEpoch: MOST_STEPS,
    *batches(_, startStep) {
      for (let step = startStep; step < MOST_STEPS; step++) {
        yield { images, labels, shape: [batch, size, size, 3] };
      }
    },
  };
}
