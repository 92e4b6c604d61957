import { alone, broadcastJson, type Collective } from '@xcp/trainer';
import type { RunConfig } from '../config/run-config';
import type { RunRecord } from '../run-folder/run-record';
import type { InitAsked } from '../training/init';
import type { DataOptions } from '../training/load-data';

/** What rank 0 has found out and the others need: they may not see its files. */
export interface Told {
  config: RunConfig;
  data: DataOptions;
  /** The engine that the run has used before; null for a new one. */
  engine: Pick<RunRecord['engine'], 'name'> | null;
  /** What a new run begins with. */
  init: InitAsked | null;
}

/** The processes that `mpirun` has started, or this one alone. */
export interface Ranks {
  collective: Collective;
  /** Hands the others what they need, or null where nothing is to be trained. By rank 0. */
  tell(told: Told | null): Promise<void>;
  /** What rank 0 tells. By the others. */
  hear(): Promise<Told | null>;
}

export function ranksOf(collective: Collective): Ranks {
  return {
    collective,
    tell: async (told) => void (await broadcastJson(collective, told)),
    hear: () => broadcastJson<Told | null>(collective, null),
  };
}

export const noOtherRanks = ranksOf(alone);
