import { type TrainResult, train } from '@xcp/trainer';
import type { Context } from '../context';
import { type EngineOptions, engineOptions } from '../engines/engine-options';
import type { Output } from '../terminal/output';
import { checkRunConfig } from '../training/check-run-config';
import { fitted, initAgain } from '../training/init';
import { interruptible } from '../training/interrupt';
import { withPrepared } from '../training/prepare';
import { trainConfig } from '../training/train-config';
import type { Ranks } from './ranks';

export interface FollowOptions extends Partial<EngineOptions> {
  workers: number;
}

/** A rank's part in a run that rank 0 leads: it computes and writes nothing. Null where nothing is to be trained. */
export async function followRun(
  given: FollowOptions,
  { collective, hear }: Ranks,
  context: Context,
  output: Output,
): Promise<TrainResult['stopped'] | null> {
  const told = await hear();
  if (!told) return null;
  const { config, data } = told;
  checkRunConfig(config);
  const begins = await initAgain(told.init);
  const engine = engineOptions(given, told.engine ?? undefined);
  const choice = { ...engine, data, workers: given.workers, share: collective };
  return interruptible(
    context.io,
    output,
    () => 'Rank 0 has saved the run.',
    (signal) =>
      withPrepared(
        config,
        choice,
        context,
        output,
        signal,
        async ({ model, data: { train: trainData, validation } }) => {
          const init = await fitted(begins, model, output);
          const { stopped } = await train({
            model,
            trainData,
            ...(validation && { validationData: validation }),
            config: trainConfig(config),
            collective,
            signal,
            ...(init && { init }),
          });
          return stopped;
        },
      ),
  );
}
