import type { RunConfig } from '../config/run-config';
import { slotsOf } from '../planning/plan-size';

/** The best checkpoint and the one being written; an export and the one being written. */
const besides = 2;
const exports = 2;

/** Bytes that a run may come to need on the disk. */
export function bytesNeeded(parameters: number, stepsPerEpoch: number, config: RunConfig): number {
  const { ema, onDivergence, checkpoints } = config;
  const slots = slotsOf(config);
  const averages = ema ? 1 : 0;
  // That to which a rollback goes stays too.
  const rollback = onDivergence === 'stop' ? 0 : 1;
  const kept = checkpoints.keepLast + keptForGood(stepsPerEpoch, config) + rollback + besides;
  return parameters * Float32Array.BYTES_PER_ELEMENT * ((1 + slots + averages) * kept + exports);
}

function keptForGood(stepsPerEpoch: number, { epochs, steps, maxSteps, checkpoints }: RunConfig): number {
  const { keepEvery } = checkpoints;
  if (keepEvery === null) return 0;
  const planned = steps ?? epochs! * stepsPerEpoch;
  const taken = Math.min(planned, maxSteps ?? planned);
  return Math.floor(taken / ('steps' in keepEvery ? keepEvery.steps : keepEvery.epochs * stepsPerEpoch));
}
