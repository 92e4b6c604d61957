import type { NamedArrays } from '@xcp/safetensors';
import { restoreCallbacks } from './callback-states';
import type { Checkpoint } from './checkpoint/store';
import type { Optimizer } from './optimizers/optimizer';
import type { Session } from './session';
import { checkArrays, modelVariables, writeVariables } from './weights';

/** Puts the model's weights, the optimizer's slots and the callbacks' states where the checkpoint has them. */
export function restoreSession(session: Session, checkpoint: Checkpoint): void {
  const { model, optimizer, ema, callbacks } = session;
  const variables = modelVariables(model);
  checkArrays('resume', variables, checkpoint.weights);
  checkArrays('resume', optimizer.slots, checkpoint.optimizer);
  if (ema) checkArrays('resume', ema.variables, checkpoint.ema ?? {});
  writeVariables(variables, checkpoint.weights);
  writeVariables(optimizer.slots, checkpoint.optimizer);
  if (ema) writeVariables(ema.variables, checkpoint.ema!);
  restoreCallbacks(callbacks, checkpoint.state.callbacks ?? {});
}

/** Gives the model and the optimizer what a new run is to begin with. */
export function initializeSession({ model, optimizer, ema, init }: Session): void {
  if (!init) return;
  if (init.optimizer) checkSlots(optimizer, init.optimizer);
  writeVariables(pick(modelVariables(model), init.report.loaded), init.weights);
  ema?.restart();
  if (init.optimizer) writeVariables(optimizer.slots, init.optimizer);
}

function checkSlots({ slots }: Optimizer, given: NamedArrays): void {
  try {
    checkArrays('train: `init.optimizer`', slots, given);
  } catch (error) {
    throw new Error(
      `train: \`init.optimizer\` must hold the slots of this optimizer (${(error as Error).message}); ` +
        'set it to null to begin with new ones',
    );
  }
}

const pick = <T>(record: Record<string, T>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, record[name]!]));
