import { readFigures } from './run-steps';
import { finishSaving, saveCheckpoint } from './save-checkpoint';
import type { Session } from './session';

/**
 * Saves where a run stands that ends with an error, if that is a point to go on from exactly: where the data or a
 * validation failed. After an error within a step moving statistics may have moved without their weights, after one of
 * a callback others may not know of the step; then the last checkpoint is the place to go on from.
 */
export async function saveBeforeError(session: Session): Promise<void> {
  if (!session.exact || !session.unsaved) return;
  try {
    await readFigures(session);
    await saveCheckpoint(session);
    await finishSaving(session);
  } catch {
    // The error that ended the run is the one to tell.
  }
}
