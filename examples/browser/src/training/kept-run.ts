import type { Checkpoint } from '@xcp/trainer';
import type { Run } from '../messages';
import { type PageState, STATE_NAME } from './page-callback';

/** What a checkpoint tells of the run that it is of. */
export function keptRun({ state }: Checkpoint): Run {
  const { settings, points } = state.callbacks[STATE_NAME] as PageState;
  return {
    settings,
    points,
    step: state.step,
    totalSteps: settings.epochs * state.stepsPerEpoch,
    history: state.history,
  };
}
