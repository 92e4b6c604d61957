import type { TrainState } from './checkpoint/state';
import { received } from './config/checks';
import type { ResolvedTrainConfig } from './config/train-config';
import type { TrainInit } from './init/train-init';
import type { TrainOptions } from './train';

/** Throws if the store holds a run already. */
export async function checkFresh({ store }: TrainOptions): Promise<void> {
  const [newest] = (await store?.list()) ?? [];
  if (newest === undefined) return;
  throw new Error(
    `train: \`store\` must be empty for a new run, received one that holds '${newest}'; ` +
      'use `resume` to go on with that run, or another store',
  );
}

/** Throws unless a run goes on with as much data as it began with. */
export function checkSameData(state: TrainState, { size, stepsPerEpoch }: TrainOptions['trainData']): void {
  if (state.examplesPerEpoch === size && state.stepsPerEpoch === stepsPerEpoch) return;
  const saved = { size: state.examplesPerEpoch, stepsPerEpoch: state.stepsPerEpoch };
  throw new Error(
    `resume: \`trainData\` must be that of the saved run, ${received(saved)}, ` +
      `received ${received({ size, stepsPerEpoch })}; use the same data and batch size`,
  );
}

/** Throws if a run that goes on is to be shorter than what is done. */
export function checkLength({ epoch, stepInEpoch, step }: TrainState, config: ResolvedTrainConfig): void {
  const begun = stepInEpoch > 0 ? epoch + 1 : epoch;
  if (config.epochs !== null && config.epochs < begun) {
    throw new Error(`resume: \`epochs\` must be at least ${begun}, those begun, received ${config.epochs}`);
  }
  for (const key of ['steps', 'maxSteps'] as const) {
    const most = config[key];
    if (most === null || most >= step) continue;
    throw new Error(`resume: \`${key}\` must be at least ${step}, those done, received ${most}`);
  }
}

/** What a new run begins with; throws where it is no new one. */
export function checkedInit({ init, resumeFrom }: TrainOptions): TrainInit {
  if (!resumeFrom) return init!;
  throw new Error('train: `init` is for a new run, and `resumeFrom` is given; leave one out');
}
