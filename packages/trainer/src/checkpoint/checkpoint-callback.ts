import type { TrainCallback, TrainControl } from '../callbacks';
import type { ResolvedTrainConfig } from '../config/train-config';

const MILLISECONDS_PER_MINUTE = 60_000;

/** When a configuration has checkpoints written, beside the end of the run. */
export type CheckpointTimes = Pick<
  ResolvedTrainConfig,
  'checkpointEveryEpochs' | 'checkpointEverySteps' | 'checkpointEveryMinutes'
>;

/**
 * Asks for a checkpoint whenever one is due: after so many epochs, steps or minutes, and after the best epoch so far.
 *
 * @param clock milliseconds from any origin
 */
export function checkpointCallback(
  { checkpointEveryEpochs, checkpointEverySteps, checkpointEveryMinutes }: CheckpointTimes,
  clock: () => number,
): TrainCallback {
  const milliseconds = (checkpointEveryMinutes ?? Number.POSITIVE_INFINITY) * MILLISECONDS_PER_MINUTE;
  const isDue = (count: number, every: number | null) => every !== null && count % every === 0;
  let since = 0;
  const ask = (control: TrainControl) => {
    since = clock();
    control.save();
  };
  return {
    onTrainBegin() {
      since = clock();
    },
    onStep({ step }, control) {
      if (clock() - since >= milliseconds || isDue(step, checkpointEverySteps)) ask(control);
    },
    onEpochEnd({ epoch, complete, best }, control) {
      if (complete && (best || isDue(epoch, checkpointEveryEpochs))) ask(control);
    },
  };
}
