import type { ChosenEngine, EngineChoice } from '@xcp/backend/engines';

/** `--engine` and `--device`. */
export interface EngineOptions {
  engine: EngineChoice;
  /** Index of the device to compute on; the engine's first by default. */
  device?: number;
}

/** What was asked for, or else what a run has used before. */
export function engineOptions(
  given: Partial<EngineOptions>,
  saved?: Pick<ChosenEngine, 'name' | 'device'>,
): EngineOptions {
  return {
    engine: given.engine ?? saved?.name ?? 'auto',
    // A device is one of its engine's.
    device: given.device ?? (given.engine === undefined ? saved?.device : undefined),
  };
}
